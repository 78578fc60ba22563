"""`smoke`: where to ring has to be said."""

import pytest

from services.simulator.cli.main import main


def test_the_command_needs_to_know_where(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["smoke"])
    assert main(["smoke", "--base-url", "https://x.example", "--business", "nosuch"]) == 2
    assert "TWILIO_ACCOUNT_SID" in capsys.readouterr().err
