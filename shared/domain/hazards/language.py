"""Which language a caller's words are in: by the small words each has and the other has not."""

import re
import unicodedata

from shared.domain.models import Language

_SPANISH_WORDS = """
el la los las un una unos de del en con por para que se mi su sus es esta estan hay tengo tenemos
si y pero muy mucho mucha donde como cuando porque huele salen salio casa agua luz humo aqui alla
ahora ahorita necesito quiero puede pueden buenas buenos dias tardes noches hola gracias senorita
senor oiga mire bebe ayuda adentro afuera nos le les lo este esa fuga olor oliendo fuego incendio
chispas toques corriente enchufe contacto apagador bano cocina cuarto tubo piso techo sotano
calefaccion calentador estufa drenaje inodoro regadera llave alarma suena sonando monoxido carbono
quemado nadie nada frio todos nino ninos abuela abuelo mama papa esposo esposa hijo hija vecino
vecina echando saliendo goteando sirve
"""
_SPANISH = frozenset(_SPANISH_WORDS.split())
_ENGLISH_WORDS = """
the an is are was it its i im my we our you your and of to in on at there theres this that with
for have has got from but not dont can what how when where smell smells water house up out please
hi hello yes yeah okay coming
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"[\u0300-\u036f]")


_WANTS_SPANISH = re.compile(
    r"\b(?:habla\w* (?:en )?espa[nñ]ol|en espa[nñ]ol|no hablo ingl[eé]s|"
    r"(?:do you|anyone|anybody|someone|somebody)(?: there)?(?: who| that)? speaks? spanish|"
    r"(?:no|don't|do not) speak (?:much |any |good )?english|no english)\b",
    re.IGNORECASE,
)
_SURE = 3  # so many of Spanish's small words: a name and a greeting are no language


def speaks_spanish(text: str) -> bool:
    """Whether who says this is to be met in Spanish: they ask for it, or speak it."""
    spanish, english = _counted(text)
    spanish += sum(mark in text for mark in "¿¡")
    return _WANTS_SPANISH.search(text.replace("’", "'")) is not None or (
        spanish >= _SURE and spanish > 2 * english
    )


def language_of(text: str) -> Language:
    """Spanish where more small words are Spanish than English; English where none tells."""
    spanish, english = _counted(text)
    spanish += sum(mark in text.lower() for mark in "¿¡ñáéíóú")
    return Language.SPANISH if spanish > english else Language.ENGLISH


def _counted(text: str) -> tuple[int, int]:
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.lower())).replace("'", "")
    words = _WORD.findall(plain.replace("’", ""))
    return sum(word in _SPANISH for word in words), sum(word in _ENGLISH for word in words)
