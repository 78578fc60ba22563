"""What is said at each moment to a caller who speaks Spanish; of the others there is English alone.

They are met and given to a person, or called back. Dangers are answered as in English.
"""

from collections.abc import Mapping
from typing import Final

from shared.domain.models import HazardCategory as C
from shared.domain.moments.table import CallMoment as M

WORDINGS: Final[Mapping[M, tuple[str, ...]]] = {
    M.SPANISH: ("Soy el asistente de inteligencia artificial de {name}, y esta llamada {kept}.",),
    M.HAND_OVER: ("Le comunico con una persona. Un momento, por favor.",),
    M.CALL_BACK: (
        "Ahora no hay nadie que hable con usted. Nuestra oficina le llamará a este número. Adiós.",
    ),
    M.GOODBYE: ("Gracias por llamar. Adiós.",),
    M.STILL_THERE: (
        "¿Sigue ahí?",
        "¿Hola? ¿Me escucha?",
        "No le escucho. ¿Está ahí?",
    ),
}
RECORDED: Final = "se graba"
WRITTEN_DOWN: Final = "queda por escrito"
# The same advice as in English.
GUIDANCE: Final[Mapping[C, str]] = {
    C.GAS_LEAK: (
        "Por favor, salga del edificio ahora mismo con todas las personas. Puede ser una fuga "
        "de gas. No toque interruptores, llamas, aparatos ni el control del garaje, y no siga "
        "en este teléfono adentro. Desde afuera, llame al 911 y a su compañía de gas, y no "
        "entre hasta que ellos lo permitan."
    ),
    C.FIRE_SMOKE: (
        "Por favor, saque a todos ahora, y llame al 911 desde afuera. Quédese afuera, y no "
        "vuelva a entrar por nada."
    ),
    C.CARBON_MONOXIDE: (
        "Por favor, salgan todos al aire libre, y llame al 911. Puede ser monóxido de carbono, "
        "que no se ve ni se huele. Cuente a las personas, y no entren hasta que los bomberos "
        "digan que es seguro."
    ),
    C.ELECTRICAL_HAZARD: (
        "Por favor, no lo toque, y que nadie se acerque. Si hay humo, fuego o chispas, o "
        "alguien recibió una descarga, salga y llame al 911, y no toque a quien siga en "
        "contacto. Quédese a más de 35 pies de cualquier cable caído, y no le eche agua."
    ),
    C.FLOOD_ELECTRICAL: (
        "Por favor, no entre al agua, y que nadie más entre. No vaya a la caja de breakers si "
        "tendría que pisar agua; pida a su compañía de luz que corte la corriente en el "
        "medidor. Si siente un toque o una descarga, o hay alguien en el agua, llame al 911."
    ),
    C.SEWAGE: (
        "Por favor, no use el agua ni los baños, y aléjese. Mantenga lejos a niños y "
        "mascotas, y si llega cerca de los enchufes, no entre a ese cuarto."
    ),
    C.NO_HEAT_FREEZING: (
        "Por favor, cuide primero a los bebés y a los ancianos. Si no puede mantener la casa "
        "caliente, vaya a un lugar que lo esté. Nunca caliente con el horno, la estufa, un "
        "asador o un generador, y deje tres pies libres alrededor de los calentadores. Si "
        "alguien está confundido o no habla bien, llame al 911."
    ),
    C.MAJOR_LEAK: (
        "Por favor, cierre la llave principal, si llega sin pisar agua. Aléjese de los techos "
        "mojados y de los enchufes, y no pise agua que pueda tocar uno."
    ),
}
