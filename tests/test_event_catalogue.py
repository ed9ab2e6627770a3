"""The page about events says what the contracts and schemas say."""

from desk import event_catalogue, event_data


def test_catalogue_is_current():
    written = event_catalogue.CATALOGUE.read_text()
    assert written == event_catalogue.catalogue(), "docs/events.md is stale: run make events"


def test_every_contract_has_its_chapter():
    written = event_catalogue.CATALOGUE.read_text()
    for contract in event_data.contracts():
        assert f"`{contract['code']}`:" in written
        assert contract["description"] in written
    for name in event_data.outgoing_schemas():
        assert f"### {name}\n" in written
