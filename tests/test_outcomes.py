"""The tables under a push: what an answer means, how many requests may leave, when to pause and when to give up."""

from hypothesis import given
from hypothesis import strategies as st

from pnpc.deliver.sending.breaker import GENTLY, Breaker, SeenOutcome
from pnpc.deliver.sending.judge import property_of, seen_as
from pnpc.deliver.sending.outcomes import REASONS, Observation, StopReason, classify
from pnpc.deliver.sending.rate import TokenBucket
from pnpc.deliver.sending.redact import redacted

OBSERVATIONS = st.builds(
    Observation,
    left=st.booleans(),
    status=st.none() | st.integers(100, 999),
    body=st.binary(max_size=30) | st.just(b"You have reached your monthly limit."),
    error=st.sampled_from(["connect", "timeout", "connection-lost", "stopped"]),
)


@given(OBSERVATIONS)
def test_only_what_certainly_was_not_sent_goes_again(seen: Observation) -> None:
    found = classify(seen)
    assert found.reason in REASONS
    if seen.status is None:
        assert found.kind == ("unknown" if seen.left else "not_sent")
    elif found.kind == "not_sent":  # the server said so itself
        assert 300 <= seen.status < 400 or seen.status in (401, 403, 404, 405, 410, 429)
    assert (found.kind == "accepted") == (seen.status is not None and 200 <= seen.status < 300)
    assert (found.kind == "refused") <= (seen.status is not None and 400 <= seen.status < 500)
    if seen.status is not None and seen.status >= 500:
        assert found.kind == "unknown"


@given(OBSERVATIONS, st.binary(max_size=200))
def test_a_body_changes_nothing_but_the_meaning_of_429(seen: Observation, body: bytes) -> None:
    if seen.status is not None and seen.status != 429:
        assert classify(seen) == classify(seen._replace(body=body))


# --- the rate ---


@given(
    rate=st.integers(1, 300),
    steps=st.lists(st.tuples(st.floats(0, 1.5), st.integers(0, 80), st.booleans()), max_size=60),
)
def test_never_above_the_rate_in_any_second(rate: int, steps: list[tuple[float, int, bool]]) -> None:
    """Whatever the pauses, the batches, the delays before a request leaves, and the cuts."""
    now, left, waiting = 100.0, [], 0
    limiter = TokenBucket(rate, now)
    for pause, wanted, slow in steps:
        now += pause
        waiting += limiter.take(wanted, now)
        if slow:
            limiter.slow_down(now)
        gone = waiting // 2 if wanted % 2 else waiting  # the others leave later
        for _ in range(gone):
            limiter.leaves(now, now)
            left.append(now)
        waiting -= gone
    for start in left:
        assert sum(0 <= one - start < 1 for one in left) <= rate


@given(rate=st.integers(1, 300), before=st.lists(st.floats(-2, 5), max_size=400))
def test_what_an_ended_process_sent_counts(rate: int, before: list[float]) -> None:
    limiter = TokenBucket(rate, 0.0, sorted(before))
    recent = sum(one > -1 for one in before)
    now, taken = 0.0, 0
    while now < 1:
        taken += sum(limiter.take(1, now) for _ in range(rate))
        now += 0.25
    assert taken <= max(0, rate - recent) + sum(-1 < one <= -0.25 for one in before)


def test_the_full_rate_is_reached_in_ticks() -> None:
    limiter, sent = TokenBucket(2000, 0.0), 0
    for tick in range(1, 501):
        now = tick * 0.01
        while limiter.take(1, now):
            limiter.leaves(now, now)
            sent += 1
    assert 5 * 2000 * 0.99 < sent <= 5 * 2000


def test_429_halves_the_rate_which_grows_again() -> None:
    limiter = TokenBucket(1000, 0.0)
    for _ in range(50):  # the answers of one moment are one cut
        limiter.slow_down(10.0)
    assert limiter.rate(10.0) == 500
    assert limiter.rate(12.0) == 600
    limiter.slow_down(12.0)
    assert limiter.rate(12.0) == 300
    assert limiter.rate(99.0) == 1000
    for second in range(100, 200):
        limiter.slow_down(float(second))
    assert limiter.rate(199.0) >= 10
    limiter.slow_down(300.0, wait=5.0)
    assert not limiter.take(1, 304.0)
    assert limiter.take(1, 305.5)


def test_a_request_that_never_leaves_gives_its_place_back() -> None:
    limiter = TokenBucket(1, 0.0)
    assert limiter.take(1, 0.0)
    assert not limiter.take(1, 5.0)
    limiter.stays(6.0)
    assert limiter.take(1, 6.0)
    limiter.leaves(6.0, 6.0)
    assert not limiter.take(1, 6.9)
    assert limiter.take(1, 7.0)


# --- the breaker ---

FINE, TROUBLE, LIMITED = SeenOutcome(), SeenOutcome(trouble=True), SeenOutcome(limited=True)


def noted(*seen: SeenOutcome, breaker: Breaker | None = None, now: float = 0.0, step: float = 0.0) -> Breaker:
    breaker = breaker or Breaker(5.0)
    for number, one in enumerate(seen):
        breaker.note(one, now + number * step)
    return breaker


def test_gently_until_the_first_answers() -> None:
    breaker = Breaker(5.0)
    assert breaker.allows(0.0, 500) == GENTLY
    assert noted(*[FINE] * 19, breaker=breaker).allows(0.0, 500) == GENTLY
    assert noted(FINE, breaker=breaker).allows(0.0, 500) == 500
    assert breaker.allows(0.0, 7) == 7


def test_trouble_makes_a_pause_and_one_request_tries() -> None:
    breaker = noted(*[FINE] * 30, *[TROUBLE] * 20)
    assert breaker.verdict is None
    assert breaker.allows(0.1, 500) == 0
    assert breaker.allows(0.6, 500) == 1
    noted(TROUBLE, breaker=breaker, now=0.7)
    assert breaker.allows(1.6, 500) == 0
    assert breaker.allows(1.8, 500) == 1
    noted(FINE, breaker=breaker, now=1.9)
    assert breaker.allows(1.9, 500) == GENTLY
    noted(*[FINE] * 20, breaker=breaker, now=2.0)
    assert breaker.allows(2.0, 500) == 500


def test_answers_from_before_a_pause_prove_nothing() -> None:
    breaker = noted(*[FINE] * 30, *[TROUBLE] * 20, *[FINE] * 5, *[TROUBLE] * 5)
    assert breaker.allows(0.4, 500) == 0
    assert breaker.allows(0.6, 500) == 1


def test_giving_up() -> None:
    assert noted(TROUBLE, TROUBLE, TROUBLE, step=2.4).verdict is None
    assert noted(TROUBLE, TROUBLE, TROUBLE, step=2.5).verdict == StopReason("trouble", "there is no answer")
    assert noted(FINE, *[TROUBLE] * 4, step=19).verdict is None
    assert noted(FINE, *[TROUBLE] * 5, step=19).verdict == StopReason("trouble", "there is no answer")
    assert noted(*[LIMITED] * 50, step=1.0).verdict is None
    assert noted(*[LIMITED] * 62, step=1.0).verdict == StopReason("trouble", "every answer for 60 seconds was 429")
    assert noted(*[LIMITED] * 40, FINE, *[LIMITED] * 40, step=1.0).verdict is None
    breaker = noted(*[FINE] * 30)
    for number in range(7):
        assert breaker.verdict is None
        noted(*[TROUBLE] * 20, breaker=breaker, now=number * 100.0)
        noted(FINE, breaker=breaker, now=number * 100.0 + 50)
    assert breaker.verdict == StopReason("trouble", "there were errors again and again")
    breaker = noted(*[FINE] * 30)
    for number in range(20):  # a thousand good ones in between make up for it
        noted(*[TROUBLE] * 20, breaker=breaker, now=number * 100.0)
        noted(*[FINE] * 1_001, breaker=breaker, now=number * 100.0 + 50)
    assert breaker.verdict is None


def test_what_the_first_refusals_share() -> None:
    wrong = Observation(True, 400, b'{"message": "x", "details": [{"message": "m", "property": "templateKey"}]}')
    one = seen_as(wrong, classify(wrong))
    assert one == SeenOutcome(refusal="400 templateKey")
    assert noted(*[one] * 19).verdict is None
    assert noted(*[one] * 20).verdict == StopReason("refusals", "the first 20 answers are the same refusal")
    assert noted(FINE, *[one] * 30).verdict is None
    person = Observation(True, 422, b'{"message": "Failed to send messages"}')
    assert noted(*[seen_as(person, classify(person))] * 30).verdict is None


@given(st.recursive(st.none() | st.text(max_size=5), lambda one: st.lists(one, max_size=2) | st.dictionaries(st.sampled_from(["message", "details", "property"]), one, max_size=3)))  # fmt: skip
def test_any_answer_has_a_property_or_none(answer: object) -> None:
    assert isinstance(property_of(answer if isinstance(answer, dict) else {}), str)


def test_what_is_kept_of_an_answer() -> None:
    digest = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
    assert redacted(f'{{"to":"{digest}","n":"+818000001234"}}') == '{"to":"…","n":"…34"}'
    assert redacted("x" * 9_000) == "x" * 4_000
    assert redacted("{}") is redacted(" \n") is None
