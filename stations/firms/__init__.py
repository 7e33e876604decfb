"""What a firm keeps here beside its requests: instruments, reminders, subscriptions."""
