"""Shapes that identify, in running speech; every number and name here is synthetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.identifying.numbers import passes_eleven_test
from pipeline.identifying.patterns import find_patterns


def found_in(text, language="nl", *, only=None):
    hits = sorted(find_patterns(text, language), key=lambda hit: hit.span.start_char)
    return [
        text[hit.span.start_char : hit.span.end_char]
        for hit in hits
        if only is None or hit.category == only
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mail me op sanne.bakker+werk@voorbeeld.nl.", "sanne.bakker+werk@voorbeeld.nl"),
        ("it's (o'brien@mail.example.co.uk), right", "o'brien@mail.example.co.uk"),
        ("dus Sanne punt bakker apenstaartje voorbeeld punt nl", None),
        ("sanne dot baker at example dot com", "sanne dot baker at example dot com"),
    ],
)
def test_mail_addresses_are_found_written_and_said(text, address):
    assert found_in(text, only="EMAIL") == [address or text.removeprefix("dus ")]


def test_what_only_looks_like_a_mail_address_is_none():
    assert found_in("we kijken at the dot, en hij @ school was er om 5@6") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("zie https://www.voorbeeld.nl/pad?x=1, daar", "https://www.voorbeeld.nl/pad?x=1"),
        ("op www.voorbeeld.example/sanne.", "www.voorbeeld.example/sanne"),
        ("the site is school-voorbeeld.co.uk okay", "school-voorbeeld.co.uk"),
    ],
)
def test_web_addresses_are_found(text, address):
    assert found_in(text, only="URL") == [address]


def test_a_missing_space_after_a_full_stop_is_no_web_address():
    assert found_in("Hij ging naar huis.Toen kwam ze.net als ik dacht... nou ja.ok") == []


def test_handles_are_found_and_what_was_said_laughing_is_not():
    assert found_in("volg @sanne_dv. want @@ @ja@ hahaha @hallo@") == ["@sanne_dv"]


@pytest.mark.parametrize(
    "number",
    [
        "06-12345678",
        "06 12 34 56 78",
        "0 6 1 2 3 4 5 6 7 8",
        "0612345678",
        "06.12.34.56.78",
        "06 - 12 34 56 78",
        "06\u00a01234\u00a05678",
        "+31 6 12345678",
        "+31 (0)6 12345678",
        "+31612345678",
        "0031 6 12 34 56 78",
        "020-1234567",
        "(020) 123 45 67",
        "0515 12 34 56",
        "+32 470 12 34 56",
        "+49 30 901820",
    ],
)
def test_phone_numbers_are_found_in_dutch_speech(number):
    text = f"bel me maar op {number} dan, of 2 keer na 10 uur"

    assert found_in(text, only="PHONE") == [number]


@pytest.mark.parametrize(
    "number",
    [
        "07700 900123",
        "07700 900 123",
        "020 7946 0958",
        "(0161) 496 0000",
        "+44 7700 900123",
        "+44 (0)20 7946 0958",
        "(415) 555-0132",
        "415-555-0132",
        "1-800-555-0199",
        "+1 415 555 0132",
        "0 7 7 0 0 9 0 0 1 2 3",
    ],
)
def test_phone_numbers_are_found_in_english_speech(number):
    assert found_in(f"call me on {number} after 10 o'clock", "en", only="PHONE")[0] == number


@pytest.mark.parametrize(
    "text",
    [
        "tussen 2010-2015 en 2016 2017",
        "om 09.30 - 10.15 uur en 00:12:34 of #00:01:02-3#",
        "op 06-12-2012 10.30 en 01/02/2012 11 uur",
        "dat kost 0,50 of 1.234.567,89 euro",
        "100 000 000 mensen, 3-4 keer, 0-6 jaar",
        "call 112 or 0800 1111 or 999",
    ],
)
def test_years_amounts_times_and_help_lines_are_no_phone_numbers(text):
    assert found_in(text, only="PHONE") == []


def test_one_number_has_one_name_however_it_is_written():
    text = "06 12345678, +31 6 12345678, 0031612345678, +31 (0)6-12345678"

    assert {hit.name for hit in find_patterns(text, "nl")} == {"0612345678"}


@pytest.mark.parametrize(
    "text",
    [
        "het is 111222333 ja",
        "het is 111 222 333 ja",
        "het is 1112.22.333 ja",
        "mijn BSN is dan 12345678 geloof ik",
        "burgerservicenummer 123456789 klopt niet",
        "and AB 12 34 56 C is mine",
        "it's ab123456c yes",
        "my number's 123-45-6789 okay",
        "social security 123 45 6789 yes",
        "my NHS number is 943 476 5919 yes",
    ],
)
def test_citizens_numbers_are_found(text):
    assert len(found_in(text, only="CITIZEN_NUMBER")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "123456789 dingen",
        "1 2 3 4 5 6 7 8 9 wie niet weg is",
        "000000000",
        "12345678",
        "123 45 6789",
    ],
)
def test_other_numbers_of_that_length_are_no_citizens_numbers(text):
    assert found_in(text, only="CITIZEN_NUMBER") == []


@given(st.integers(min_value=0, max_value=10**8 - 1))
def test_one_last_digit_at_most_passes_the_eleven_test(number):
    assert sum(passes_eleven_test(f"{number:08}{last}") for last in range(10)) <= 1


@pytest.mark.parametrize(
    "number", ["NL91 ABNA 0417 1643 00", "nl91abna0417164300", "GB82 WEST 1234 5698 7654 32"]
)
def test_account_numbers_are_found_by_their_check_digits(number):
    assert found_in(f"naar {number} en toen nog eens", only="BANK_ACCOUNT") == [number]
    assert found_in(f"naar {number[:-1]}9 en toen", only="BANK_ACCOUNT") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("hij is geboren op 12 maart 2012 in huis", "12 maart 2012"),
        ("Synthetisch: hij is van 14 maart 2019 en er stond 2018", "14 maart 2019"),
        ("geboortedatum: 12-03-2012", "12-03-2012"),
        ("geb. 12.3.12 dus", "12.3.12"),
        ("op 5 mei is ze jarig", "5 mei"),
        ("Wanneer ben je geboren?\n\nTwaalf maart tweeduizend.", "Twaalf maart tweeduizend"),
        ("op de twaalfde maart ben ik geboren", "twaalfde maart"),
        ("zijn verjaardag, 3 okt, was leuk", "3 okt"),
        ("he was born on March 12th, 2012 at home", "March 12th, 2012"),
        ("DOB 12/03/2012 or so", "12/03/2012"),
        ("date of birth 2012-03-12 yes", "2012-03-12"),
        ("the twelfth of March is her birthday", "twelfth of March"),
        ("born the 3rd of May nineteen eighty-four then", "3rd of May nineteen eighty-four"),
        ("she was born in March 2012 I think", "March 2012"),
    ],
)  # fmt: skip
def test_dates_of_birth_are_found(text, date):
    assert found_in(text, only="DATE_OF_BIRTH") == [date]


@pytest.mark.parametrize(
    "text",
    [
        "op 3 april 2020 kwamen ze voor het eerst langs",
        "Hij is toen thuis geboren. Op 3 april 2020 kwamen ze langs",
        "on 3 April 2020 the worker came; I may 2 or 3 times",
        "ze is 12 jaar en werd in de zomer geboren",
        "a newborn, a reborn doll and 1 March",
    ],
)
def test_other_dates_stay_for_the_study(text):
    assert found_in(text) == []


def test_only_the_date_next_to_the_word_is_of_birth():
    text = "geboren op 12 maart 2012 en op 3 april 2020 uit huis geplaatst"

    assert found_in(text) == ["12 maart 2012"]


def test_one_date_of_birth_has_one_name_in_figures_and_words():
    text = "geboren 12 maart 2012, geboren 12-03-2012, born 2012-03-12, born March 12th, 2012"

    names = [hit.name for hit in find_patterns(text, "nl")]

    assert names.count("12-3-2012") == 4


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("we woonden op Kerkstraat 12a in de stad", "Kerkstraat 12a"),
        ("In de Burgemeester de Vlugtlaan 12-3 dus", "Burgemeester de Vlugtlaan 12-3"),
        ("ja Van Goghstraat 5 II hoog", "Van Goghstraat 5 II"),
        ("aan de 1e Oosterparkstraat 4, ja", "1e Oosterparkstraat 4"),
        ("op kerkstraat nummer 12 toen", "kerkstraat nummer 12"),
        ("in Laan van Nieuw Voorbeeld 12 was het", "Laan van Nieuw Voorbeeld 12"),
        ("naar de Lindehof 4. Daar", "Lindehof 4"),
        ("we lived at 12 Oak Street then", "12 Oak Street"),
        ("Flat 3, 12 Old Oak Road it was", "Flat 3, 12 Old Oak Road"),
        ("it's 22 Old Oak Lane, flat 3, yes", "22 Old Oak Lane, flat 3"),
    ],
)
def test_addresses_are_found(text, address):
    assert found_in(text, only="ADDRESS") == [address]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("in de Kerkstraat 3 jaar gewoond", "Kerkstraat"),
        ("vlak bij de Prinsengracht, dus", "Prinsengracht"),
        ("In Oxford Road we met", "Oxford Road"),
        ("bij Laan van Voorbeeld woonde ze", "Laan van Voorbeeld"),
    ],
)
def test_streets_are_found_without_a_number_too(text, street):
    assert found_in(text, only="STREET") == [street]


@pytest.mark.parametrize(
    "text",
    [
        "snelweg 2, onderweg 2 uur, hij was weg 3 dagen, straat 4, park 5",
        "Onderweg 2 keer gestopt. Schoolplein was leeg. Halverwege 3",
        "over de straat, op het plein en langs de gracht",
        "down the street, The High Street and in 2 lane roads",
        "Vergadering 3 en Beschikking 4",
        "In De Lindenhoek, 6 november 2025",
    ],
)
def test_roads_without_a_name_are_no_addresses(text):
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("dat is 1234 AB hoor", "1234 AB"),
        ("dat is 1234ab hoor", "1234ab"),
        ("it's SW1A 1AA there", "SW1A 1AA"),
        ("it's M1 1AE there", "M1 1AE"),
        ("in Springfield, IL 62704 there", "IL 62704"),
    ],
)
def test_postcodes_are_found(text, postcode):
    assert found_in(text, only="POSTCODE") == [postcode]


@pytest.mark.parametrize(
    "text", ["in 2012 de keer", "2500cc en 1000km", "in 2015 TV gekeken", "1234 SS", "M25 and A1 x"]
)
def test_years_and_measures_are_no_postcodes(text):
    assert found_in(text) == []


@pytest.mark.parametrize("plate", ["12-AB-34", "AB-123-C", "1-ABC-23", "AB12 CDE"])
def test_licence_plates_are_found_in_unmistakable_forms(plate):
    assert found_in(f"een auto met {plate} erop", only="LICENCE_PLATE") == [plate]
    assert found_in("van 12-13-14 tot A-1 en AB-12") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("dossiernummer is 2012/1234 dus", "2012/1234"),
        ("zaaknummer: C/13/123456.", "C/13/123456"),
        ("the case number 12345 then", "12345"),
    ],
)
def test_file_numbers_are_found_after_the_word_for_them(text, number):
    assert found_in(text, only="CASE_NUMBER") == [number]


def test_speech_without_identifiers_gives_none():
    text = (
        "Nou, de eerste keer was in 2012, om half 3, met 2 kinderen van 4 en 6. Ze zeiden: dat "
        "kost 25 euro per week, 3 keer 10 minuten. On Monday the 3rd we had 20 visits by 10.30, "
        "you know, 50% or 1 in 3, chapter 2.1, 24/7, 5-6 times (maybe 7)."
    )

    assert found_in(text) == found_in(text, "en") == []


@pytest.mark.parametrize(
    "text",
    ["1" * 60_000, "0 " * 30_000, "a@" * 30_000, "Aa " * 30_000, "Laan van A " * 9_000,
     "(" * 30_000 + ")" * 30_000, " " * 60_000, "www." * 15_000, "born 1 " * 9_000],
)  # fmt: skip
def test_no_text_takes_a_pattern_long(text):
    # It would take minutes where a pattern tried every way to read it.
    find_patterns(text, "nl")
