"""Metrics of a push and of a receiver, served to Prometheus while they run. The one door to prometheus_client.

No label and no value names a person, a message, a file or an account. What each metric counts is the text of its HELP line,
which docs/running.md has as a table.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pnpc.deliver.sending.engine import Engine
from pnpc.deliver.sending.outcomes import Observation, Outcome
from pnpc.deliver.webhooks.event_writer import EventWriter
from pnpc.deliver.webhooks.receiver import Receiver

_COMMITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds


class Metrics(AbstractContextManager["Metrics"]):
    """Metrics that are served at `url` while it is a context."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError where that address can't be listened on; port 0 takes any free one."""
        self.registry = CollectorRegistry()
        self._server, self._thread = start_http_server(port, host, self.registry)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.server_port}/metrics"
        self.commits = Histogram(
            "pnpc_journal_commit_seconds",
            "How long a commit to the journal takes.",
            buckets=_COMMITS,
            registry=self.registry,
        )
        self._push: PushMetrics | None = None

    def push(self, remaining: Callable[[], int]) -> "PushMetrics":
        """The metrics of a push, which go on with those of the one before. `remaining` says how many messages the run has
        still to send."""
        self._push = self._push or PushMetrics(self)
        self._push.remaining.set_function(remaining)
        return self._push

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class PushMetrics:
    """The metrics of a push, or of a worker's pushes. Use `Metrics.push`."""

    def __init__(self, metrics: Metrics) -> None:
        registry = metrics.registry
        self._commits = metrics.commits
        self._outcomes = Counter(
            "pnpc_push_outcomes", "Outcomes of requests, by state and reason.", ("state", "reason"), registry=registry
        )
        self._requests = Counter("pnpc_push_requests", "Requests that began to leave.", registry=registry)
        self._limited = Counter("pnpc_push_rate_limited", "Answers of 429.", registry=registry)
        self._rate = Gauge(
            "pnpc_push_rate",
            "Requests a second that may leave at present; less than usual after a 429.",
            registry=registry,
        )
        self._in_flight = Gauge("pnpc_push_in_flight", "Requests whose answer is not there yet.", registry=registry)
        self.remaining = Gauge("pnpc_push_remaining", "Messages that this run has still to send.", registry=registry)

    def watch(self, engine: Engine) -> None:
        """Look at an engine that is about to begin."""
        self._rate.set_function(engine.rate)
        self._in_flight.set_function(lambda: engine.in_flight)
        engine.on_commit = self._commits.observe

    def observe(self, seen: Observation, outcome: Outcome) -> None:
        """Take an outcome into account."""
        self._outcomes.labels(outcome.kind, outcome.reason).inc()
        if seen.left:
            self._requests.inc()
        if outcome.advice == "slow" or outcome.reason == "monthly-limit":
            self._limited.inc()


class WorkerMetrics:
    """The metrics of a worker, beside those of its pushes."""

    def __init__(self, metrics: Metrics) -> None:
        self._shards = Counter(
            "pnpc_worker_shards", "Shards, by what became of them.", ("outcome",), registry=metrics.registry
        )

    def add(self, outcome: str) -> None:
        """A shard is done, failed or given back."""
        self._shards.labels(outcome).inc()


class ListenMetrics(Collector):
    """The metrics of a receiver, read from it when they are asked for."""

    def __init__(self, metrics: Metrics, receiver: Receiver, writer: EventWriter) -> None:
        self._receiver, self._writer = receiver, writer
        writer.on_commit = metrics.commits.observe
        metrics.registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """The numbers as they are now."""
        posts = CounterMetricFamily("pnpc_listen_posts", "Posts, by what became of them.", labels=["outcome"])
        for outcome, count in self._receiver.posts.items():
            posts.add_metric([outcome], count)
        events = CounterMetricFamily("pnpc_listen_events", "Events in signed posts, by kind.", labels=["kind"])
        total = self._writer.total
        kinds = {
            "delivered": self._receiver.delivered, "failed": self._receiver.failed, "other": self._receiver.others,
        }  # fmt: skip
        for kind, count in kinds.items():
            events.add_metric([kind], count)
        kept = CounterMetricFamily(
            "pnpc_listen_reports", "Events about deliveries, by what became of them.", labels=["result"]
        )
        for result, count in total._asdict().items():
            kept.add_metric([result], count)
        held = "Events that wait in memory, because their journal can't be written."
        heard = "When the last post signed by LINE came, in seconds since 1970; 0 if none did."
        yield from (posts, events, kept)
        yield GaugeMetricFamily("pnpc_listen_held_events", held, value=self._writer.held)
        yield GaugeMetricFamily("pnpc_listen_heard_timestamp_seconds", heard, value=(self._writer.heard or 0) / 1000)
        yield GaugeMetricFamily("pnpc_listen_journals", "Journals that are open.", value=self._writer.journals)
