"""The settings as `keikaku --help` lists them."""

from pydantic import SecretStr

from corpus.settings import PREFIX, Settings

OWN_CACHE = "~/.cache/keikaku-navi"  # what the default of the model folder is on most machines


def settings_table() -> str:
    """One paragraph a setting; without square brackets, which the help would take for markup."""
    return "設定（環境変数）/ Settings (environment):\n\n" + "\n\n".join(map(_line, Settings.model_fields))


def _line(name: str) -> str:
    field = Settings.model_fields[name]
    default = OWN_CACHE if name == "model_dir" else field.default
    shown = (
        "" if isinstance(default, SecretStr) or default in (None, "") else f"（既定 / default: {default}）"
    )
    return f"{PREFIX}{name.upper()}: {field.description}{shown}"
