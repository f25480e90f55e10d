"""Settings of the citizens' window: who may embed it, how much it takes, what is kept."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

RATE = r"^[1-9][0-9]{0,8} ?/ ?(?:[1-9][0-9]{0,4} ?)?(?:second|minute|hour|day)s?$"


class PublicSettings(BaseSettings):
    """The part of `Settings` that is about citizens."""

    public_question_max_chars: int = Field(
        300,
        ge=20,
        description="公開の窓口での質問の長さの上限（文字）/ the same at the public endpoint",
    )
    widget_origins: str = Field(
        "",
        description="ウィジェットを埋め込めるサイト（カンマ区切り）/ "
        "origins that may embed the widget, comma-separated",
    )
    public_rate: str = Field(
        "20/minute",
        pattern=RATE,
        description="公開の窓口でアドレスごとに受ける質問数 / questions per address at the public endpoint",
    )
    public_rate_total: str = Field(
        "300/minute",
        pattern=RATE,
        description="公開の窓口で受ける質問の総数 / questions in total at the public endpoint",
    )
    public_rate_day: str = Field(
        "500/day",
        pattern=RATE,
        description="同じく1日にアドレスごとに受ける質問数 / the same per address and day",
    )
    public_rate_total_day: str = Field(
        "20000/day",
        pattern=RATE,
        description="同じく1日に受ける質問の総数 / the same in total and day",
    )
    public_address_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]{1,60}$",
        description="プロキシが必ず書き換える、質問者のアドレスのヘッダー（なければ X-Forwarded-For）/ "
        "header in which the proxy itself puts who asks; unset: X-Forwarded-For",
    )
    public_paused: str | None = Field(
        None,
        description="公開の窓口を休止するときに示す文（なければ休止しない）/ "
        "what citizens read while their window is paused; unset: it is open",
    )
    public_cache: int = Field(
        500,
        ge=0,
        description="公開の窓口で覚えておく回答の数 / answers to repeated questions kept in memory for citizens",
    )
    public_retention_days: int = Field(
        400,
        ge=1,
        description="市民の質問の数と評価を残す日数 / days for which counts of citizens' questions and votes are kept",
    )
    proof_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="総数のこの割合を超えると計算の証明（ALTCHA）を求める。1なら求めない / "
        "share of the total rate above which a proof of work (ALTCHA) is asked for; 1: never",
    )
    proof_key: SecretStr | None = Field(
        None,
        description="その署名の鍵（なければ起動ごとに作る）/ key that signs its challenges; unset: made at each start",
    )

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins that may embed the widget."""
        return listed(self.widget_origins)


def listed(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated setting."""
    return tuple(part.strip() for part in value.split(",") if part.strip())
