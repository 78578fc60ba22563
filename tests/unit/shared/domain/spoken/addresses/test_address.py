"""Addresses are read by a grammar, and stay the same house, however they are said."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import BadContact, NoHouseNumber
from shared.domain.spoken.addresses.address import Address, as_said, parse
from shared.domain.spoken.addresses.street import Street


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("208 1/2 W Goodall St, Marion, IL 62959", "208 1/2 W Goodall St, Marion, IL 62959"),
        ("208½ West Goodall Street", "208 1/2 W Goodall St"),
        ("two oh eight and a half west goodall street", "208 1/2 W Goodall St"),
        ("33 1/2 Main St", "33 1/2 Main St"),
        ("41 and three quarters Main Street", "41 3/4 Main St"),
        ("65-43 Austin St, Queens, NY", "65-43 Austin St, Queens, NY"),
        ("65–43 Austin St, Queens, NY", "65-43 Austin St, Queens, NY"),
        ("sixty-five dash forty-three Austin Street, Queens", "65-43 Austin St, Queens"),
        ("112-10 Bronx Rd", "112-10 Bronx Rd"),
        ("2320-30 Oak St", "2320-30 Oak St"),
        ("123B Oak St", "123B Oak St"),
        ("123-b Oak St", "123-B Oak St"),
        ("N6W23001 Bluemound Rd, Waukesha, WI", "N6W23001 Bluemound Rd, Waukesha, WI"),
        ("N165 W2123 Tartan Court Jackson Wisconsin", "N165 W2123 Tartan Ct, Jackson, WI"),
        ("north six west twenty three thousand one bluemound road", "N6 W23001 Bluemound Rd"),
        ("1234 S 500 E, Salt Lake City, UT", "1234 S 500 E, Salt Lake City, UT"),
        ("1234 south 500 east salt lake city utah", "1234 S 500 E, Salt Lake City, UT"),
        ("500 8 Mile Road, Detroit, MI", "500 8 Mile Rd, Detroit, MI"),
        ("five hundred eight mile road detroit michigan", "500 8 Mile Rd, Detroit, MI"),
        ("23 5 Points Road", "23 5 Points Rd"),
        ("123 Seven Oaks Drive, Two Rivers, WI", "123 Seven Oaks Dr, Two Rivers, WI"),
        ("1234 O Street, Lincoln, Nebraska", "1234 O St, Lincoln, NE"),
        ("12 oh 4 elm street", "1204 Elm St"),
    ],
)
def test_a_house_number_stays_the_same_house(said: str, written: str) -> None:
    assert parse(said).normalised == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("1873 State Route 6, Rome, Ohio 44085", "1873 State Rte 6, Rome, OH 44085"),
        ("1873 State Route 6 Rome Ohio", "1873 State Rte 6, Rome, OH"),
        ("1873 state route six rome ohio", "1873 State Rte 6, Rome, OH"),
        ("256 County Road 634, Athens, TN 37303", "256 County Rd 634, Athens, TN 37303"),
        ("615 Co Rd 45300, Powderly, TX 75473", "615 Co Rd 45300, Powderly, TX 75473"),
        ("615 County Road 45300", "615 County Rd 45300"),
        ("4510 County Road GV, Appleton, WI", "4510 County Rd GV, Appleton, WI"),
        ("1234 West U.S. Highway 50", "1234 W US Hwy 50"),
        ("1123 US Route forty Springfield Ohio", "1123 US Rte 40, Springfield, OH"),
        ("406 North Highway 71 Business Lowell AR", "406 N Hwy 71 Business, Lowell, AR"),
        ("500 Interstate 70, Dayton, OH", "500 Interstate 70, Dayton, OH"),
        ("820 East IH35 South Suite A, Denton, TX", "820 E IH35 S Ste A, Denton, TX"),
        ("2002 Farm to Market Road 544, Wylie, TX", "2002 FM 544, Wylie, TX"),
        ("2002 FM 544, Wylie, TX", "2002 FM 544, Wylie, TX"),
        ("500 S R 41 Springfield OH", "500 SR 41, Springfield, OH"),
        ("12 County Line Road", "12 County Line Rd"),
        ("15 State Street", "15 State St"),
    ],
)
def test_a_road_keeps_its_number(said: str, written: str) -> None:
    assert parse(said).normalised == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("34 East Terrace Avenue Flagstaff Arizona", "34 E Terrace Ave, Flagstaff, AZ"),
        ("12200 Market Place Drive, Birch Run, MI", "12200 Market Place Dr, Birch Run, MI"),
        ("3121 187th street crt n east moline il", "3121 187th Street Ct N, East Moline, IL"),
        ("12 Old Court House Road Springfield Ohio", "12 Old Court House Rd, Springfield, OH"),
        ("12 Fox Trace Springfield Ohio", "12 Fox Trce, Springfield, OH"),
        ("12 Cedar Creek, Springfield, Ohio", "12 Cedar Crk, Springfield, OH"),
        ("9 Harvest Bend", "9 Harvest Bnd"),
        ("4 Needle Point", "4 Needle Pt"),
        ("7 Park Crescent", "7 Park Cres"),
        ("1999 Avenue of the Stars, Los Angeles, CA", "1999 Avenue of the Stars, Los Angeles, CA"),
        ("1999 avenue of the stars los angeles california",
         "1999 Avenue of the Stars, Los Angeles, CA"),
        ("62 Camino Azul, Jemez Springs, NM", "62 Camino Azul, Jemez Springs, NM"),
        ("88 Calle del Sol Santa Fe NM", "88 Calle del Sol, Santa Fe, NM"),
        ("854 Broadway Suite 293 Phoenix AZ 85093", "854 Broadway Ste 293, Phoenix, AZ 85093"),
        ("12 The Green, Dover, DE", "12 The Green, Dover, DE"),
        ("613 K Street Northwest, Washington, DC", "613 K St NW, Washington, DC"),
        ("1234 N Street NW Washington DC", "1234 N St NW, Washington, DC"),
        ("525 North Avenue, Grand Junction, CO", "525 North Ave, Grand Junction, CO"),
        ("428 westwind dr north palm beach fl", "428 Westwind Dr, North Palm Beach, FL"),
        ("1122 2nd st n saint petersburg fl", "1122 2nd St N, Saint Petersburg, FL"),
        ("20 Benton Pl St Louis, MO 63104", "20 Benton Pl, St Louis, MO 63104"),
        ("12 W St Clair Ave Cleveland OH", "12 W St Clair Ave, Cleveland, OH"),
        ("100 Greyrock Place Stamford CT", "100 Greyrock Pl, Stamford, CT"),
        ("12 west forty-second street, new york", "12 W 42nd St, New York"),
        ("4805 southwest 229th aloha or 97007", "4805 SW 229th, Aloha, OR 97007"),
    ],
)  # fmt: skip
def test_a_street_is_read_with_commas_and_without(said: str, written: str) -> None:
    assert parse(said).normalised == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Apartment 4, 123 Oak Street, Springfield, Ohio", "123 Oak St Apt 4, Springfield, OH"),
        ("apartment four, one twenty three oak street", "123 Oak St Apt 4"),
        ("Apt 1B 626 E Kilbourn Ave Milwaukee, WI", "626 E Kilbourn Ave Apt 1B, Milwaukee, WI"),
        ("#4, 123 Oak St", "123 Oak St #4"),
        ("3rd Floor, 123 Oak Street", "123 Oak St Fl 3"),
        ("123 Oak St, second floor, Springfield", "123 Oak St Fl 2, Springfield"),
        ("123 Oak Street apartment 4 b springfield ohio", "123 Oak St Apt 4B, Springfield, OH"),
        ("9 Oak St Apt # 12, Springfield", "9 Oak St Apt 12, Springfield"),
        ("9 Oak St Bldg 3 Apt 12, Springfield", "9 Oak St Bldg 3 Apt 12, Springfield"),
        ("9 Oak Street 4B, Springfield", "9 Oak St #4B, Springfield"),
        ("860 W Blackhawk 305 Chicago IL", "860 W Blackhawk #305, Chicago, IL"),
        ("5 Elm Street Apt 5 OH 45501", "5 Elm St Apt 5, OH 45501"),
        ("500 Oak Street basement Springfield", "500 Oak St Bsmt, Springfield"),
        ("12 Elm St, Upper Arlington, OH", "12 Elm St, Upper Arlington, OH"),
    ],
)
def test_a_unit_is_kept_wherever_it_was_said(said: str, written: str) -> None:
    assert parse(said).normalised == written


def test_an_address_has_its_parts() -> None:
    assert parse("208 1/2 W Goodall St NW, Apt 3, Marion, Illinois 62959-1234") == Address(
        number="208 1/2",
        street=Street("W", "Goodall", "St", "NW"),
        unit="Apt 3",
        city="Marion",
        state="IL",
        zip="62959",
    )


def test_a_building_and_a_county_are_no_city() -> None:
    building = parse("209 S Westmoreland Ave The Chadwick, Apt 53-201, Los Angeles, CA 90004")
    assert (building.unit, building.place, building.city) == (
        "Apt 53-201", "The Chadwick", "Los Angeles"
    )  # fmt: skip
    county = parse("123 Oak Street, Springfield, Clark County, Ohio")
    assert (county.place, county.city) == ("Clark County", "Springfield")
    assert parse("123 Oak Street, near the school").city == ""


@pytest.mark.parametrize(
    "said",
    [
        "PO Box 5, 123 Oak St, Springfield, Ohio",
        "123 Oak St, P.O. Box 5, Springfield, Ohio",
        "123 Oak St Springfield Ohio, gate code 1234",
    ],
)
def test_what_is_no_part_of_the_house_is_left_out(said: str) -> None:
    assert parse(said).normalised == "123 Oak St, Springfield, OH"


def test_a_number_of_the_wrong_length_is_no_zip() -> None:
    wrong = parse("77 W Wacker Dr, Chicago, IL 606001")
    assert (wrong.city, wrong.state, wrong.zip) == ("Chicago", "IL", "")


@pytest.mark.parametrize(
    "said",
    [
        "RR 3 Box 9, Canton, OH 44730",
        "rural route three box nine, Canton, Ohio",
        "HC 2 Box 10, Mio, MI",
        "8 Mile Road, Detroit, MI",
        "the old mill, Canton, Ohio",
        "Oak Street",
        "42 Street, New York",
    ],
)
def test_a_place_without_a_house_number_is_told_from_no_place(said: str) -> None:
    with pytest.raises(NoHouseNumber, match=r"Ask for"):
        parse(said)


@pytest.mark.parametrize("said", ["PO Box 12, Canton, OH 44730", "P. O. Box 9", "here", "", "123"])
def test_no_place_at_all_is_refused_and_never_kept(said: str) -> None:
    with pytest.raises(BadContact, match=r"Ask for") as refused:
        parse(said)
    assert not isinstance(refused.value, NoHouseNumber)


def test_a_house_number_that_runs_into_its_street_is_asked_for() -> None:
    """1240 Second Street, or 12 42nd Street."""
    with pytest.raises(BadContact, match="alone"):
        parse("twelve forty second street")


def test_what_nobody_can_read_is_kept_as_it_was_said() -> None:
    kept = as_said("RR 3 Box 9,  Canton, Ohio 44730")
    assert (kept.number, kept.city, kept.state, kept.zip) == ("", "Canton", "OH", "44730")
    assert kept.normalised == "RR 3 Box 9, Canton, Ohio 44730"


_numbers = st.one_of(
    st.integers(1, 99999).map(str),
    st.builds("{}-{}".format, st.integers(10, 999), st.integers(10, 99)),
    st.builds("{} {}".format, st.integers(1, 9999), st.sampled_from(["1/2", "1/4", "3/4"])),
    st.builds("{}{}".format, st.integers(1, 9999), st.sampled_from("ABC")),
    st.builds("N{}W{}".format, st.integers(1, 99), st.integers(10, 99999)),
)
_names = st.sampled_from(
    ["Oak", "Old Mill", "O'Fallon", "5th", "112th", "8 Mile", "State", "Terrace", "Lake Forest"]
)
_streets = st.one_of(
    st.builds(
        lambda *parts: " ".join(part for part in parts if part),
        st.sampled_from(["", "N", "SW"]),
        _names,
        st.sampled_from(["St", "Ave", "Rd", "Dr", "Ln", "Blvd"]),
        st.sampled_from(["", "E", "NW"]),
    ),
    st.builds(
        "{} {}".format,
        st.sampled_from(["State Rte", "County Rd", "US Hwy", "FM", "Hwy"]),
        st.integers(1, 9999),
    ),
    st.just("Avenue of the Stars"),
)
_units = st.sampled_from(["", "Apt 4", "Ste 2200", "#7", "Unit 12B", "Fl 3"])
_ends = st.sampled_from(
    ["", ", Springfield", ", Springfield, OH", ", New York, NY 10003", ", St Louis, MO 63104"]
)


_WORDS = "12 345 6789 1/2 65-43 Oak St N Mile Route Apt , OH 45501 5th"


@given(_numbers, _streets, _units, _ends)
def test_a_written_address_is_read_as_itself(number: str, road: str, unit: str, end: str) -> None:
    line = " ".join(part for part in (number, road, unit) if part) + end
    read = parse(line)
    assert (read.number, str(read.street), read.unit) == (number, road, unit)
    assert read.normalised == line
    assert parse(read.normalised) == read


@given(_numbers, _streets, _units, _ends)
def test_no_digits_come_together_that_were_apart(
    number: str, road: str, unit: str, end: str
) -> None:
    line = f"{number} {road} {unit}{end}".replace("  ", " ")
    said = set(re.findall(r"\d+", line))
    assert set(re.findall(r"\d+", parse(line.lower()).normalised)) <= said


@given(st.lists(st.sampled_from(_WORDS.split())))
def test_figures_of_two_digits_are_never_glued(words: list[str]) -> None:
    try:
        written = parse(" ".join(words)).normalised
    except BadContact:
        return
    assert set(re.findall(r"\d+", written)) <= set(re.findall(r"\d+", " ".join(words)))


@given(st.text(max_size=220))
def test_whatever_is_read_is_read_again_or_refused(text: str) -> None:
    try:
        assert parse(text).normalised
    except BadContact as refusal:
        assert "Ask for" in str(refusal)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("123 Oak Street, Springfield, Ohio.", "123 Oak St, Springfield, OH"),
        ("123 oak street springfield ohio", "123 Oak St, Springfield, OH"),
        ("123 Oak St, Springfield, OH", "123 Oak St, Springfield, OH"),
        (
            "It's one twenty three Oak Street, Springfield, Ohio, 45501",
            "123 Oak St, Springfield, OH 45501",
        ),
        ("My address is 123 Oak Street.", "123 Oak St"),
        ("123 Oak Street, zip code 45501", "123 Oak St, 45501"),
        (
            "456 N. Main St Apt 4b, Springfield OH 45503",
            "456 N Main St Apt 4B, Springfield, OH 45503",
        ),
        ("12 west high street, apartment three, springfield", "12 W High St Apt 3, Springfield"),
        ("77 North Street", "77 North St"),
        ("123 Oak Ct", "123 Oak Ct"),
        ("12 Ohio Street, Columbus", "12 Ohio St, Columbus"),
        (
            "9 Saint Paris Pike, Springfield, Ohio, 45504-1234",
            "9 Saint Paris Pike, Springfield, OH 45504",
        ),
        ("55 5th Avenue #3, New York, New York 10003", "55 5th Ave #3, New York, NY 10003"),
        ("100 highway 40, springfield oh", "100 Hwy 40, Springfield, OH"),
        (
            "twelve oh four elm street springfield oh four five five oh one",
            "1204 Elm St, Springfield, OH 45501",
        ),
        ("5 elm street boston massachusetts oh two one three nine", "5 Elm St, Boston, MA 02139"),
        ("123 O'Fallon Avenue", "123 O'Fallon Ave"),
        ("123 Oak Street, Springfield, Ohio, USA", "123 Oak St, Springfield, OH"),
    ],
)
def test_an_address_is_written_as_the_post_does(said: str, written: str) -> None:
    assert parse(said).normalised == written


def test_a_written_address_stays_as_it_is() -> None:
    once = parse("123 Oak Street, Springfield, Ohio 45501").normalised
    assert parse(once).normalised == once


@pytest.mark.parametrize(
    "said", ["", "Oak Street", "123", "State Route 41", "I don't know", "," * 50, "1 " * 300]
)
def test_an_address_without_number_or_street_is_refused_with_what_to_ask(said: str) -> None:
    with pytest.raises(BadContact, match=r"Ask for"):
        parse(said)


@pytest.mark.parametrize(
    ("written", "zip_code"),
    [
        ("123 Oak St, Springfield, OH 45501", "45501"),
        ("123 Oak St, Springfield, OH 45501-1234", "45501"),
        ("springfield ohio four five five oh one", "45501"),
        ("123 Oak St, Springfield, OH", None),
        ("45501 Oak Street", None),
        ("", None),
    ],
)
def test_the_zip_is_at_the_end(written: str, zip_code: str | None) -> None:
    assert as_said(written).zip == (zip_code or "")


@given(st.text(max_size=250))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with contextlib.suppress(BadContact):
        assert parse(text).normalised
