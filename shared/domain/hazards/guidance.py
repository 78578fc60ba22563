"""What a caller in danger is told first, by language: the same advice in each.

The first sentence is complete and short: whoever hears no more knows what to do. Each is spoken in
one breath, before name, address or price. The agent never dials 911 itself.
"""

from collections.abc import Mapping

from shared.domain.models import HazardCategory as C
from shared.domain.models import Language

GUIDANCE_IN: Mapping[Language, Mapping[C, str]] = {
    Language.ENGLISH: {
        C.GAS_LEAK: (
            "Please leave the building now and take everyone with you. This could be a gas leak. "
            "Don't touch any switches, flames, appliances or the garage opener, and don't stay on "
            "this phone inside. From outside, call 911 and your gas utility, and go back in only "
            "when they say so."
        ),
        C.FIRE_SMOKE: (
            "Please get everyone out now, and call 911 from outside. Stay out of the building, and "
            "don't go back in for anything."
        ),
        C.CARBON_MONOXIDE: (
            "Please get everyone outside to fresh air now, and call 911. This could be carbon "
            "monoxide, which you can't see or smell. Count heads, and don't go back in until the "
            "responders say it's safe."
        ),
        C.ELECTRICAL_HAZARD: (
            "Please don't touch it, and keep everyone away. If there is smoke, fire or sparks, or "
            "anyone was shocked, get out and call 911, and don't touch a person still in contact "
            "with it. Stay at least 35 feet from any downed line, and don't use water on it."
        ),
        C.FLOOD_ELECTRICAL: (
            "Please stay out of the water, and keep everyone out of it. Don't go to the breaker "
            "box if you'd have to stand in water; ask your electric utility to cut the power at "
            "the meter. If you feel a tingle or a shock, or anyone is in the water, call 911."
        ),
        C.SEWAGE: (
            "Please stop flushing and running water, and stay away from it. Keep children and pets "
            "out, and if it gets near outlets, stay out of that room."
        ),
        C.NO_HEAT_FREEZING: (
            "Please look after infants and older people first. If you can't keep the home warm, "
            "stay somewhere that is. Never heat with an oven, stove, grill or generator, and keep "
            "space heaters three feet from everything. If anyone is confused or their speech is "
            "slurred, call 911."
        ),
        C.MAJOR_LEAK: (
            "Please shut the main water valve, if you can reach it dry. Keep away from wet "
            "ceilings and from outlets, and don't step into water that may touch one."
        ),
    },
    Language.SPANISH: {
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
    },
}
