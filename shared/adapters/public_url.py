"""The public address of the webhooks, where a process starts before that address exists.

The API is deployed after the bridge. Its address lies in an SSM parameter, read when it is first
needed, which is the first call: no call comes before there is an API to answer it.
"""

from collections.abc import Callable

from shared.adapters.settings import AdapterSettings
from shared.domain.errors import PortError

TIMEOUT_S = 3


class PublicUrl:
    """The address itself where the settings have it, else what their SSM parameter holds.

    `read` replaces the parameter store: from a parameter's name to its value.
    """

    def __init__(self, settings: AdapterSettings, read: Callable[[str], str] | None = None) -> None:
        self._settings = settings
        self._url = settings.public_url  # "" until it was read; then kept for good
        self._read = read or self._from_ssm

    def __call__(self) -> str:
        """The address without a slash at its end; kept once it is known. May block.

        Raises:
            PortError: it is neither set nor to be had.
        """
        if not self._url:
            parameter = self._settings.public_url_parameter
            if not parameter:
                raise PortError("neither PUBLIC_BASE_URL nor PUBLIC_BASE_URL_PARAMETER is set")
            self._url = self._read(parameter).rstrip("/")
        return self._url

    def _from_ssm(self, name: str) -> str:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        limits = Config(connect_timeout=TIMEOUT_S, read_timeout=TIMEOUT_S)
        try:
            client = boto3.client(
                "ssm",
                region_name=self._settings.region,
                endpoint_url=self._settings.aws_endpoint_url,
                config=limits,
            )
            return str(client.get_parameter(Name=name)["Parameter"]["Value"])
        except (BotoCoreError, ClientError) as exc:
            raise PortError(f"ssm: {name} could not be read") from exc
