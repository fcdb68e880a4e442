from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import Histogram, HistogramDataPoint, InMemoryMetricReader
from prometheus_client.parser import text_string_to_metric_families

from observability.events import BureauChecked, CacheLooked, CaseSubjectsCounted, RequestRefused
from observability.gauges import BUREAU_UP, BUREAU_WAITING, CHECKED_AT, CHECKED_ROWS, FAULTY_ROWS, RELOAD_OK
from observability.hooks import Hooks
from observability.instruments import CARDINALITY_LIMIT
from observability.metric_tables import COUNTERS, DISTRIBUTIONS, SECONDS
from observability.metrics import ANSWERED, Counter, Distributions, record
from observability.redaction import ALLOWED, REDACTED
from observability.telemetry import Telemetry
from tests.support import event_samples as samples

REFUSALS = next(each for each in COUNTERS if each[0] == "creditgraph.refusals")
BATCH_KEYS = next(each[:4] for each in DISTRIBUTIONS if each[0] == "creditgraph.batch.keys")


def read(telemetry: Telemetry) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every sample of /metrics by name and label values in the labels' alphabetical order."""
    body, _ = telemetry.metrics_text()
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


@pytest.fixture
def telemetry() -> Telemetry:
    """A back-end that only counts."""
    return Telemetry(None)


def test_an_operation_is_timed_by_name_and_outcome(telemetry):
    """The latency histogram counts each operation in the bucket that its time closes."""
    Hooks([telemetry]).finished(samples.FINISHED, None)
    Hooks([telemetry]).finished(replace(samples.FINISHED, seconds=0.0025), None)
    read_back = read(telemetry)
    name = "creditgraph_operation_duration_seconds"
    labels = ("library", "ok", "profile")
    assert read_back[f"{name}_count", labels] == 2
    assert read_back[f"{name}_sum", labels] == pytest.approx(0.0038)
    assert read_back[f"{name}_bucket", (*labels, "0.001")] == 0
    assert read_back[f"{name}_bucket", (*labels, "0.0025")] == 2


def test_one_error_is_counted_in_one_place(telemetry):
    """A code that ended an operation stands in one sample, and one that ended a request before it in another."""
    hooks = Hooks([telemetry])
    hooks.finished(replace(samples.FINISHED, outcome="IDENTIFIER_INVALID"), None)
    hooks.emit(RequestRefused("IDENTIFIER_INVALID", "library", "profile"))
    hooks.emit(samples.REFUSED)
    found = {key: value for key, value in read(telemetry).items() if not key[0].endswith("_created")}
    assert {key: value for key, value in found.items() if "IDENTIFIER_INVALID" in key[1]} == {
        ("creditgraph_errors_total", ("IDENTIFIER_INVALID",)): 1
    }
    assert {key: value for key, value in found.items() if "TOKEN_EXPIRED" in key[1]} == {
        ("creditgraph_refusals_total", ("TOKEN_EXPIRED",)): 1
    }
    assert found["creditgraph_operation_duration_seconds_count", ("library", "error", "profile")] == 1


def test_the_time_of_a_joined_statement_is_counted_once(telemetry):
    """A statement that read two data sets adds its time once, and the keys of each data set to its own."""
    hooks = Hooks([telemetry])
    hooks.emit(replace(samples.TRIP, joined=True, repeated=True))
    hooks.emit(replace(samples.TRIP, dataset="tax_arrears", joined=True))
    read_back = read(telemetry)
    times = {key: value for key, value in read_back.items() if key[0].endswith("bureau_duration_seconds_sum")}
    assert times == {
        ("creditgraph_bureau_duration_seconds_sum", ("tax", "several", "ok")): samples.TRIP.seconds
    }
    for dataset in ("tax_grade", "tax_arrears"):
        assert read_back["creditgraph_batch_keys_sum", ("tax", dataset)] == 10


def test_a_bureau_is_up_if_it_answered_last(telemetry):
    """The last round trip or check decides; a refusal or a broken row is an answer."""
    hooks = Hooks([telemetry])
    for event, up in (
        (samples.TRIP, 1),
        (samples.FAILED, 0),
        (BureauChecked("tax", "ok"), 1),
        (BureauChecked("tax", "BUREAU_UNAVAILABLE"), 0),
        (replace(samples.FAILED, outcome="BUREAU_REFUSED"), 1),
    ):
        hooks.emit(event)
        assert read(telemetry)["creditgraph_bureau_up", ("tax",)] == up


def test_the_last_reload_is_seen(telemetry):
    """Reloads are counted by outcome, and a gauge tells whether the last one succeeded."""
    hooks = Hooks([telemetry])
    assert ("creditgraph_reload_ok", ()) not in read(telemetry)
    for event, succeeded in ((samples.IN_FORCE, 1), (samples.NOT_TAKEN, 0), (samples.IN_FORCE, 1)):
        hooks.emit(event)
        assert read(telemetry)["creditgraph_reload_ok", ()] == succeeded
    counts = {
        key[1]: value for key, value in read(telemetry).items() if key[0] == "creditgraph_reloads_total"
    }
    assert counts == {("ok",): 2, ("refused",): 1}


def test_what_is_watched_is_read_at_each_collection(telemetry):
    """A gauge has the labels that stand now: those that are gone are gone, and unsafe ones are redacted."""
    slots = {"tax": 1.0, "110105194912310021": 2.0}
    telemetry.watch(lambda: [(BUREAU_WAITING, (name,), count) for name, count in slots.items()])
    name = "creditgraph_bureau_waiting"
    assert {key: value for key, value in read(telemetry).items() if key[0] == name} == {
        (name, ("tax",)): 1,
        (name, (REDACTED,)): 2,
    }
    del slots["110105194912310021"]
    assert [key for key in read(telemetry) if key[0] == name] == [(name, ("tax",))]


def test_errors_are_counted_by_code(telemetry):
    """Each code beside the data counts once, and so does the code that an operation ended in."""
    Hooks([telemetry]).finished(replace(samples.FINISHED, outcome="partial", errors=("A", "B")), None)
    Hooks([telemetry]).finished(replace(samples.FINISHED, outcome="A"), None)
    Hooks([telemetry]).finished(replace(samples.FINISHED, outcome="B", errors=("B",)), None)
    read_back = read(telemetry)
    assert read_back["creditgraph_errors_total", ("A",)] == 2
    assert read_back["creditgraph_errors_total", ("B",)] == 2
    assert not any(("creditgraph_errors_total", (outcome,)) in read_back for outcome in ANSWERED)


def test_credit_codes_with_a_wrong_check_sign_are_counted_by_operation(telemetry):
    """The number of doubtful codes is counted, and nothing of a code."""
    Hooks([telemetry]).emit(samples.DOUBTED)
    Hooks([telemetry]).emit(samples.DOUBTED)
    assert read(telemetry)["creditgraph_wrong_check_signs_total", ("profile",)] == 4


def test_the_last_check_of_the_bureaus_replaces_the_one_before(telemetry):
    """Levels tell what was found last: rows, faulty rows by fault, and when."""
    where = ("tax", "tax_grade")
    Hooks([telemetry]).emit(samples.CHECKED)
    read_back = read(telemetry)
    assert read_back["creditgraph_bureau_check_rows", where] == 9
    assert read_back["creditgraph_bureau_check_faulty_rows", (*where, "key_form")] == 2
    assert read_back["creditgraph_bureau_check_time_seconds", ("tax",)] == 1_780_000_000
    Hooks([telemetry]).emit(replace(samples.CHECKED, datasets=()))
    assert not any(name.startswith("creditgraph_bureau_check") for name, _ in read(telemetry))


def test_a_round_trip_is_counted_by_bureau_and_dataset(telemetry):
    """A round trip adds to its latency, its keys, its callers and its broken rows."""
    Hooks([telemetry]).emit(samples.TRIP)
    Hooks([telemetry]).emit(samples.FAILED)
    read_back = read(telemetry)
    where = ("tax", "tax_grade")
    assert read_back["creditgraph_bureau_duration_seconds_count", (*where, "ok")] == 1
    assert read_back["creditgraph_bureau_duration_seconds_count", (*where, "BUREAU_TIMED_OUT")] == 1
    assert read_back["creditgraph_batch_keys_sum", where] == 20
    assert read_back["creditgraph_batch_callers_sum", where] == 4
    assert read_back["creditgraph_broken_rows_total", (*where, "organ: blank")] == 3


def test_refusals_denials_and_caches_are_counted(telemetry):
    """Refusals count by code, denied fields by purpose, looks into a cache by hit and miss."""
    for event in (samples.REFUSED, samples.DENIED, CacheLooked("plan", True), CacheLooked("plan", False)):
        Hooks([telemetry]).emit(event)
    Hooks([telemetry]).emit(CacheLooked("plan", True))
    read_back = read(telemetry)
    assert read_back["creditgraph_refusals_total", ("TOKEN_EXPIRED",)] == 1
    assert read_back["creditgraph_denials_total", ("credit/review",)] == 2
    assert read_back["creditgraph_cache_lookups_total", ("plan", "hit")] == 2
    assert read_back["creditgraph_cache_lookups_total", ("plan", "miss")] == 1


def test_alarms_over_a_case_are_counted_without_its_number(telemetry):
    """An alarm counts by client, purpose and outcome; the case number is no label."""
    Hooks([telemetry]).emit(CaseSubjectsCounted("bank", "financing.credit", "XY-2026-7", 5, "alarm"))
    read_back = read(telemetry)
    assert read_back["creditgraph_case_alarms_total", ("bank", "alarm", "financing.credit")] == 1
    assert "XY-2026-7" not in str(read_back)


def test_case_numbers_that_do_not_serve_are_counted_by_their_rule(telemetry):
    """A request that is refused for its case number counts by client, purpose and rule; the number is no label."""
    Hooks([telemetry]).emit(samples.MISNUMBERED)
    labels = ("library", "credit/review", "of another kind of case")
    assert read(telemetry)["creditgraph_case_refusals_total", labels] == 1


def test_records_that_are_kept_out_are_counted_by_their_rule(telemetry):
    """What a bureau gave and the law keeps out counts by bureau, data set and rule, which is there in our words."""
    Hooks([telemetry]).emit(samples.KEPT_OUT)
    labels = ("tax", "tax_grade", "simplified procedure against a natural person")
    assert read(telemetry)["creditgraph_records_kept_out_total", labels] == 3


def test_authorisations_that_do_not_stand_are_counted_by_their_rule(telemetry):
    """A refused lender counts by client, purpose, data set and rule; no number and no borrower is there to be a label."""
    Hooks([telemetry]).emit(samples.UNAUTHORISED)
    labels = ("bank", "credit_office.authorisation", "credit/review", "spent")
    assert read(telemetry)["creditgraph_authorisations_refused_total", labels] == 1


def test_two_gateways_in_one_process_count_apart():
    """Two back-ends in one process never see each other's counts."""
    first, second = Telemetry(None), Telemetry(None)
    Hooks([first]).emit(samples.REFUSED)
    assert ("creditgraph_refusals_total", ("TOKEN_EXPIRED",)) not in read(second)


def test_every_attribute_of_a_metric_is_on_the_list():
    """No point and no resource of any metric carries an attribute outside the allow-list."""
    reader = InMemoryMetricReader()
    samples.run(Hooks([Telemetry(None, metric_reader=reader)]))
    data = reader.get_metrics_data()
    assert data is not None
    (resource,) = data.resource_metrics
    metrics = [metric for scope in resource.scope_metrics for metric in scope.metrics]
    names = {name for metric in metrics for point in metric.data.data_points for name in point.attributes}
    assert {metric.name for metric in metrics} == {
        *(each[0] for each in (*DISTRIBUTIONS, *COUNTERS)),
        BUREAU_UP,
        RELOAD_OK,
        CHECKED_ROWS,
        FAULTY_ROWS,
        CHECKED_AT,
    }
    assert names | set(resource.resource.attributes) <= ALLOWED


def test_a_label_outside_the_list_is_refused_when_the_instrument_is_built():
    """An instrument with a label that is not allowed cannot be built."""
    with pytest.raises(ValueError, match=r"creditgraph\.subject"):
        Counter("creditgraph.odd", "1", "", ("creditgraph.subject",))  # pyright: ignore[reportArgumentType]


def test_label_sets_are_bounded():
    """Label sets beyond the limit are counted together, so no caller can grow the memory."""
    counter, histogram = Counter(*REFUSALS), Distributions(*BATCH_KEYS, (1, 2))
    for index in range(CARDINALITY_LIMIT + 10):
        counter.add((f"CODE_{index}",))
        record((histogram, (f"bureau_{index}", "dataset"), 1))
    for instrument in (counter, histogram):
        metric = instrument.collect((0, 1))
        assert metric is not None
        assert len(metric.data.data_points) == CARDINALITY_LIMIT + 1
        assert metric.data.data_points[-1].attributes == {"otel.metric.overflow": True}


def test_redacted_labels_are_one_series_and_stay_in_no_memory():
    """Labels that are redacted fall into one series, and what they were is kept nowhere."""
    counter = Counter(*REFUSALS)
    counter.add(("11010519491231002X",))
    counter.add(("欧阳",))
    metric = counter.collect((0, 1))
    assert metric is not None
    assert [(point.attributes, point.value) for point in metric.data.data_points] == [
        ({"error.type": REDACTED}, 2)
    ]
    assert "11010519491231002X" not in repr(vars(counter))


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1.0])
def test_a_measurement_that_is_no_measurement_is_left_out(odd):
    """A negative or endless number is left out of a histogram, whose sum stays a number."""
    histogram = Distributions(*BATCH_KEYS, (1, 2))
    record((histogram, ("tax", "tax_grade"), odd))
    assert histogram.collect((0, 1)) is None


@given(st.lists(st.one_of(st.sampled_from(SECONDS), st.floats(0, 20)), min_size=1, max_size=30))
def test_histograms_equal_the_sdks(amounts):
    """A histogram here hands out the point that the SDK's own instrument would hand out."""
    ours = Distributions(*BATCH_KEYS, SECONDS)
    reader = InMemoryMetricReader()
    meter = MeterProvider([reader], shutdown_on_exit=False).get_meter("oracle")
    theirs = meter.create_histogram("oracle", explicit_bucket_boundaries_advisory=SECONDS)
    for amount in amounts:
        record((ours, ("tax", "tax_grade"), amount))
        theirs.record(amount)
    metric, data = ours.collect((0, 1)), reader.get_metrics_data()
    assert metric is not None
    assert data is not None
    expected = data.resource_metrics[0].scope_metrics[0].metrics[0].data
    assert isinstance(metric.data, Histogram)
    assert isinstance(expected, Histogram)
    assert _facts(metric.data.data_points[0]) == _facts(expected.data_points[0])


def _facts(point: HistogramDataPoint) -> tuple[object, ...]:
    return (
        point.count,
        pytest.approx(point.sum),
        tuple(point.bucket_counts),
        tuple(point.explicit_bounds),
        point.min,
        point.max,
    )
