"""Facts about the proposer that asks a language model; every word here is synthetic."""

import json
from threading import Event

import numpy as np
import pytest

from codebook.reader import parse_codebook
from pipeline.proposers import address, chat
from pipeline.proposers.address import check_address
from pipeline.proposers.chat import ChatEndpoint
from pipeline.proposers.prompt import choose_examples, read_answer
from pipeline.proposers.protocol import CodedExample
from study.errors import StudyError
from study.settings import Settings
from tests.pipeline.evaluation.hand_made import CODEBOOK
from tests.pipeline.proposers.asking import KEYS, TEXTS, proposer, question
from tests.pipeline.proposers.fake_endpoint import give, serve, write


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(chat, "FIRST_PAUSE_SECONDS", 0.0)


def test_scores_are_what_the_model_said_as_shares_and_no_probabilities():
    with serve(lambda asked: give(trust=80, change=20)) as server:
        answer = proposer(server.url, endpoint_model="synthetic").propose(question())

    assert answer.values.tolist() == [[0.8, 0.2, 0.0]] * len(TEXTS)
    assert answer.proposes.tolist() == [[True, False, False]] * len(TEXTS)
    assert not answer.is_probability
    assert answer.methods == ("endpoint",) * 3
    assert answer.explain(0, 0) == {"kind": "endpoint", "model": "synthetic"}


def test_each_excerpt_is_asked_about_once_with_two_before_and_two_after():
    with serve(lambda asked: give()) as server:
        proposer(server.url).propose(question(roles=[0, 1, 0, 1, 0, -1]))

    assert server.excerpts == [
        'interviewer: "begin ."',
        'participant: "I rely on her"',
        'interviewer: "and then ?"',
        'participant: "at home it changed"',
        'interviewer: "mm"',
        '"the end"',
    ]
    assert server.asked[3]["messages"][1]["content"] == (
        '# BEFORE (context)\nparticipant: "I rely on her"\ninterviewer: "and then ?"\n\n'
        '# EXCERPT\nparticipant: "at home it changed"\n\n'
        '# AFTER (context)\ninterviewer: "mm"\n"the end"'
    )
    assert set(server.paths) == {"/v1/chat/completions"}


def test_model_reads_the_codebook_in_the_language_of_the_interview():
    book = parse_codebook(
        """
name: Synthetic codebook
codes:
- key: trust
  name: Trust
  definition: Relying on the worker.
  texts: {nl: {name: Vertrouwen, definition: Rekenen op, include: [Wel dit], exclude: [Niet dat]}}
"""
    )
    with serve(lambda asked: give()) as server:
        proposer(server.url).propose(question(codebook=book, language="nl"))

    told = server.asked[0]["messages"][0]["content"]
    assert "## trust: Vertrouwen\nRekenen op\nInclude: Wel dit\nExclude: Niet dat" in told
    assert "Relying" not in told


def test_model_reads_examples_of_other_interviews():
    guids = [code.guid for code in CODEBOOK.codes]
    examples = [
        CodedExample("synthetic example", (guids[0],)),
        CodedExample("the same code again", (guids[0],)),
        CodedExample("of two codes", (guids[1], guids[2])),
        CodedExample("of none", ()),
    ]
    with serve(lambda asked: give()) as server:
        proposer(server.url).propose(question(examples=examples))

    told = server.asked[0]["messages"][0]["content"]
    assert '"of two codes"\nCodes: change, sharing' in told
    assert '"synthetic example"\nCodes: trust' in told
    assert "the same code again" not in told


def test_at_most_six_examples_are_shown():
    examples = [CodedExample(f"synthetic {n}", (f"guid {n}",)) for n in range(9)]

    assert choose_examples(examples) == examples[:6]
    assert choose_examples([]) == []


def test_answer_is_asked_for_by_a_schema_of_the_codes():
    with serve(lambda asked: give()) as server:
        proposer(server.url, endpoint_model="synthetic").propose(question())

    asked = server.asked[0]
    schema = asked["response_format"]["json_schema"]["schema"]
    assert asked["model"] == "synthetic"
    assert asked["temperature"] == 0
    assert tuple(schema["properties"]["codes"]["items"]["properties"]["key"]["enum"]) == KEYS


def test_server_that_knows_no_schema_is_asked_without_it_from_then_on():
    def answer(asked):
        return (400, {}, b"") if "response_format" in asked else give(trust=60)

    with serve(answer) as server:
        found = proposer(server.url).propose(question())

    assert (found.values[:, 0] == 0.6).all()
    assert len(server.asked) == len(TEXTS) + 1
    assert "model" not in server.asked[-1]


def test_excerpt_whose_answer_cannot_be_read_has_no_score_and_is_not_proposed():
    def answer(asked):
        return write("I cannot say") if "rely" in excerpt(asked) else give(trust=90)

    def excerpt(asked):
        return asked["messages"][1]["content"].split("# EXCERPT")[1].split("# AFTER")[0]

    with serve(answer) as server:
        found = proposer(server.url).propose(question())

    assert np.isnan(found.raw[1]).all()
    assert not np.isnan(found.raw[[0, 2, 3, 4, 5]]).any()
    assert found.values[1].tolist() == [0.0, 0.0, 0.0]
    assert not found.proposes[1].any()


@pytest.mark.parametrize(
    "body", [b"not JSON", b"{}", b'{"choices": []}', b'{"choices": [{"message": null}]}', b"[1]"]
)
def test_model_that_gives_no_answer_that_can_be_read_is_an_error(body):
    with (
        serve(lambda asked: (200, {}, body)) as server,
        pytest.raises(StudyError, match="no answer that can be read to any of 6") as error,
    ):
        proposer(server.url).propose(question())

    assert_says_nothing_of_the_interview(error)


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ('{"codes": []}', [0, 0, 0]),
        ('Sure!\n```json\n{"codes": [{"key": "trust", "score": 40}]}\n```', [0.4, 0, 0]),
        ('<think>{maybe} [] </think>{"codes": [{"key": " TRUST ", "score": "70"}]}', [0.7, 0, 0]),
        ('[{"key": "change", "score": 101}, {"key": "trust", "score": -3}]', [0, 1, 0]),
        ('{"codes": [{"key": "trust", "score": 1}, {"key": "trust", "score": 9}]}', [0.09, 0, 0]),
        (
            '{"codes": [{"key": "unknown", "score": 90}, {"key": "trust", "score": 5}]}',
            [0.05, 0, 0],
        ),
        ('{"codes": [{"key": "unknown", "score": 90}]}', None),
        ('{"codes": [{"key": "trust", "score": true}, "trust", {"key": "trust"}]}', None),
        ('{"codes": [{"key": "trust", "score": "high"}]}', None),
        ('{"codes": [{"key": "trust", "score": NaN}]}', None),
        ('{"codes": "none"}', None),
        ("[]", None),
        ("", None),
        (None, None),
    ],
)
def test_answer_is_read_wherever_its_json_stands(text, scores):
    read = read_answer(text, CODEBOOK)

    assert (None if read is None else read.tolist()) == scores


def test_what_was_scored_before_is_not_asked_again():
    known = np.full((6, 3), 0.25, dtype=np.float32)
    known[2] = np.nan
    with serve(lambda asked: give(sharing=100)) as server:
        found = proposer(server.url).propose(question(known=known))
        proposer(server.url).propose(question(known=np.zeros((6, 3))))

    assert server.excerpts == ['"and then ?"']
    assert found.values[2].tolist() == [0, 0, 1]
    assert found.values[3].tolist() == [0.25, 0.25, 0.25]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_server_in_trouble_is_asked_three_times_and_then_named(status):
    with (
        serve(lambda asked: (status, {}, json.dumps(asked).encode())) as server,
        pytest.raises(
            StudyError, match=f"did not answer in 3 tries \\(status {status}\\)"
        ) as error,
    ):
        proposer(server.url).propose(question())

    assert len(server.asked) == 3
    assert f"127.0.0.1:{server.port}" in str(error.value)
    assert_says_nothing_of_the_interview(error)


def test_server_that_recovers_is_no_error():
    tries = iter([(500, {}, b""), (502, {}, b""), *[give(trust=50)] * 6])
    with serve(lambda asked: next(tries)) as server:
        found = proposer(server.url).propose(question())

    assert (found.values[:, 0] == 0.5).all()


def test_server_that_is_not_there_is_named():
    with serve(lambda asked: give()) as server:
        url = server.url

    with pytest.raises(StudyError, match=r"\(ConnectionRefusedError\).*endpoint_url") as error:
        proposer(url).propose(question())

    assert_says_nothing_of_the_interview(error)


def test_server_that_takes_too_long_is_given_up():
    is_over = Event()

    def wait(asked):
        is_over.wait(10)
        return give()

    with serve(wait) as server:
        endpoint = ChatEndpoint(
            check_address(server.url, may_be_remote=False), model="", timeout_seconds=0.05
        )
        with pytest.raises(StudyError, match="TimeoutError"):
            endpoint.ask([{"role": "user", "content": "synthetic"}], {})
        is_over.set()


def test_redirect_is_not_followed():
    with serve(lambda asked: give(trust=100)) as elsewhere:

        def answer(asked):
            return 307, {"Location": f"{elsewhere.url}/chat/completions"}, b""

        with (
            serve(answer) as server,
            pytest.raises(StudyError, match="interview text is not sent on") as error,
        ):
            proposer(server.url).propose(question())

    assert elsewhere.asked == []
    assert_says_nothing_of_the_interview(error)


def test_proxy_of_the_environment_is_not_used(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:9")
    with serve(lambda asked: give(trust=100)) as server:
        found = proposer(server.url).propose(question())

    assert found.proposes[:, 0].all()


def test_refusal_is_told_without_what_the_server_wrote():
    with (
        serve(lambda asked: (404, {}, json.dumps(asked).encode())) as server,
        pytest.raises(StudyError, match=r"refused the request \(status 404\)") as error,
    ):
        proposer(server.url).propose(question())

    assert len(server.asked) == 1
    assert_says_nothing_of_the_interview(error)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.7:8080/v1",
        "http://example.invalid/v1",
        "http://localhost.example.invalid/v1",
        "http://127.0.0.1.example.invalid/v1",
        "http://127.1/v1",
        "http://0.0.0.0:8080/v1",
        "http://[::ffff:192.0.2.7]:8080/v1",
        "https://[2001:db8::1]/v1",
    ],
)
def test_machine_that_is_not_this_one_is_refused_without_looking_it_up(url, monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(address.socket, "getaddrinfo", refuse)

    with pytest.raises(StudyError, match=r"not this machine.*endpoint_allow_remote"):
        proposer(url)


def test_machine_that_is_not_this_one_is_taken_where_the_study_allows_it():
    found = proposer("https://192.0.2.7/v1", endpoint_allow_remote=True, endpoint_model="synthetic")

    assert found.identify() == {"host": "192.0.2.7:443", "model": "synthetic", "rule": 1}


@pytest.mark.parametrize(
    ("url", "name", "path"),
    [
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080", "/v1/chat/completions"),
        ("http://127.9.9.9/v1/", "127.9.9.9:80", "/v1/chat/completions"),
        ("http://[::1]:11434/v1/chat/completions", "[::1]:11434", "/v1/chat/completions"),
        ("http://localhost:8080", "localhost:8080", "/chat/completions"),
    ],
)
def test_address_of_this_machine_is_taken(url, name, path):
    found = check_address(url, may_be_remote=False)

    assert (found.name, found.path) == (name, path)


@pytest.mark.parametrize("there", [["192.0.2.7"], ["127.0.0.1", "192.0.2.7"]])
def test_localhost_that_leads_elsewhere_is_refused(there, monkeypatch):
    found = [(0, 0, 0, "", (each, 80)) for each in there]
    monkeypatch.setattr(address.socket, "getaddrinfo", lambda *_a, **_o: found)

    with pytest.raises(StudyError, match="not this machine"):
        check_address("http://localhost/v1", may_be_remote=False)


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("", "Set 'endpoint_url'"),
        ("ftp://127.0.0.1/", "not an address"),
        ("http://", "not an address"),
        ("http://127.0.0.1:port/", "not an address"),
        ("http://somebody@127.0.0.1/", "not an address"),
    ],
)
def test_address_that_is_none_is_said_to_be_so(url, line):
    with pytest.raises(StudyError, match=line):
        check_address(url, may_be_remote=True)


def test_localhost_that_leads_nowhere_is_refused(monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError

    monkeypatch.setattr(address.socket, "getaddrinfo", fail)

    with pytest.raises(StudyError, match="not this machine"):
        check_address("http://localhost:1/v1", may_be_remote=False)


@pytest.mark.parametrize("url", ["http://somebody@127.0.0.1/", "127.0.0.1:8080", "http://a b/"])
def test_setting_that_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match="endpoint_url"):
        Settings(endpoint_url=url)


def assert_says_nothing_of_the_interview(error):
    said = str(error.value)
    assert "\n" not in said
    assert not any(text in said for text in TEXTS)
