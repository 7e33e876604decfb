import json
import re

import jinja2
from hypothesis import given
from hypothesis import strategies as st

from portal.assets import PACKAGES
from portal.maps.elements import CountyOutlines, LocalMap, script_json

texts = st.text() | st.sampled_from(["</script>", "{{ 7 * 7 }}", "{% raw %}", "{#", "'", "\u2028", "<!--", "{{{'x'}}}"])
values = st.recursive(texts | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


@given(values)
def test_json_in_a_script_says_the_same_and_cannot_leave_it(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not re.search(r"[<>&'\u2028\u2029]", text)
    assert jinja2.Template(text).render() == text.rstrip("\n")


def test_every_script_and_style_of_the_map_is_ours() -> None:
    addresses = [
        address for element in (LocalMap, CountyOutlines) for _, address in (*element.default_js, *element.default_css)
    ]
    assert addresses
    assert all(re.match(rf"/assets/(theme\.css|({'|'.join(PACKAGES)})/)", address) for address in addresses)
