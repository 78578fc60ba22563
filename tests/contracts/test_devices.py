"""What every `Devices` must do: a code opens once, and a device that is locked is locked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from shared.actions.office_devices import MOST_TRIES, AskedCode, Device
from shared.adapters.dynamo.devices import DynamoDevices
from tests.contracts.conftest import Store
from tests.examples import NOW

SHOP, OTHER = "coolcare_hvac", "evergreen_home"
LATER = NOW + timedelta(minutes=10)


def a_code(**changed: Any) -> AskedCode:
    given = {"business_id": SHOP, "digest": "right", "until": LATER}
    return AskedCode.model_validate(given | changed)


def a_device(**changed: Any) -> Device:
    given = {
        "business_id": SHOP,
        "opened_at": NOW,
        "seen_at": NOW,
        "until": NOW + timedelta(days=30),
    }
    return Device.model_validate(given | changed)


def test_a_code_is_taken_once(store: Store) -> None:
    store.devices.ask("id1", a_code())
    assert store.devices.take("id1", SHOP, "right", now=NOW) is True
    assert store.devices.take("id1", SHOP, "right", now=NOW) is False


def test_a_code_is_tried_five_times_and_not_once_more(store: Store) -> None:
    store.devices.ask("id1", a_code())
    for _ in range(MOST_TRIES):
        assert store.devices.take("id1", SHOP, "wrong", now=NOW) is False
    assert store.devices.take("id1", SHOP, "right", now=NOW) is False


def test_a_code_is_of_one_business_and_one_asking_and_ten_minutes(store: Store) -> None:
    store.devices.ask("id1", a_code())
    assert store.devices.take("id1", OTHER, "right", now=NOW) is False
    assert store.devices.take("id2", SHOP, "right", now=NOW) is False
    assert store.devices.take("id1", SHOP, "right", now=LATER) is False
    assert store.devices.take("id1", SHOP, "right", now=LATER - timedelta(seconds=1)) is True


def test_a_device_is_kept_seen_and_locked(store: Store) -> None:
    store.devices.unlock("key1", a_device())
    assert store.devices.get(SHOP, "key1") == a_device()
    assert store.devices.get(OTHER, "key1") is None
    assert store.devices.get(SHOP, "key2") is None

    store.devices.seen(SHOP, "key1", at=LATER)
    assert store.devices.get(SHOP, "key1") == a_device(seen_at=LATER)
    store.devices.lock(SHOP, "key1")
    store.devices.lock(SHOP, "key1")
    store.devices.seen(SHOP, "key1", at=LATER)
    assert store.devices.get(SHOP, "key1") is None


def test_all_devices_of_a_business_are_locked_at_once_and_no_other(store: Store) -> None:
    for key in ("key1", "key2"):
        store.devices.unlock(key, a_device())
    store.devices.unlock("key3", a_device(business_id=OTHER))

    assert store.devices.lock_all(SHOP) == 2
    assert store.devices.lock_all(SHOP) == 0
    assert store.devices.get(SHOP, "key1") is None
    assert store.devices.get(OTHER, "key3") is not None


def test_of_twenty_who_have_the_code_at_once_one_is_let_in(
    ministack_tables: tuple[Any, str],
) -> None:
    devices = DynamoDevices(*ministack_tables)
    devices.ask("id1", a_code())
    with ThreadPoolExecutor(20) as pool:
        taken = pool.map(lambda _: devices.take("id1", SHOP, "right", now=NOW), range(20))
    assert sum(taken) == 1


def test_neither_key_nor_id_of_a_code_stands_in_the_table(
    ministack_tables: tuple[Any, str],
) -> None:
    client, prefix = ministack_tables
    devices = DynamoDevices(client, prefix)
    devices.ask("id-of-a-code", a_code())
    devices.unlock("key-of-a-device", a_device())
    kept = str(client.scan(TableName=f"{prefix}calls")["Items"])
    assert "OFFICECODE#" in kept
    assert "DEVICE#" in kept
    assert "id-of-a-code" not in kept
    assert "key-of-a-device" not in kept
