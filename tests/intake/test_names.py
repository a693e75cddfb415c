"""What stands beside an id in what people fill in: as a cadre of the place calls it."""

from collections.abc import Mapping

import pytest

from tasks.intake.names import name_of

PLACES = {"130123": ("正定县", "county"), "130123100": ("东镇", "township")}


def row_of(register: str, key: str) -> Mapping[str, object] | None:
    """A county and a town of it, with every post that one asks for."""
    if register == "posts":
        unit, _, kind = key.rpartition("/")
        return {"unit": unit, "kind": kind}
    if register == "units":
        place, _, body = key.partition("-")
        return {"jurisdiction": place, "body": body} if place in PLACES else None
    name, level = PLACES[key]
    return {"name": name, "level": level}


# 地方组织法 (2022) art. 26: what the posts of each level are called.
@pytest.mark.parametrize(
    ("post", "zh", "en"),
    [
        ("130123-government/head", "正定县县长", "正定县 head of government"),
        ("130123-government/deputy-head", "正定县副县长", "正定县 deputy head of government"),
        ("130123-congress/chair", "正定县人大常委会主任", "正定县 people's congress chair"),
        (
            "130123-congress/member",
            "正定县人大常委会委员",
            "正定县 people's congress standing committee member",
        ),
        ("130123-congress/court-president", "正定县人民法院院长", "正定县 court president"),
        ("130123-cppcc/chair", "正定县政协主席", "正定县 CPPCC chair"),
        ("130123100-congress/chair", "东镇人大主席", "东镇 people's congress chair"),
        ("130123100-government/head", "东镇镇长", "东镇 head of government"),
    ],
)
def test_a_post_is_called_what_people_of_the_place_call_it(post: str, zh: str, en: str) -> None:
    name = name_of("posts", post, row_of)
    assert name is not None
    assert (name.zh, name.en) == (zh, en)


def test_a_post_of_no_unit_has_no_name() -> None:
    assert name_of("posts", "999999-government/head", row_of) is None
