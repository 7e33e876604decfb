"""驾驶舱: the figures that somebody answers for, on one screen."""
