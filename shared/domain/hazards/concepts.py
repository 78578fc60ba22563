"""Words that stand for the same thing when somebody tells of a danger, by the thing they stand for.

The classifier counts the thing beside the word, so that what it learnt of "reeks" holds for
"stinks". The lists hold what telephone speech-to-text makes of a word, and the Spanish words
without their accents. A word stands for one thing only.
"""

from shared.domain.hazards.sounds import sound

LISTS = {
    "gas": """gas gaz gaas gass gus gash gassy propane propain natural mercaptan lp methane butane
        gasolina""",
    "smell": """smell smells smelling smelled smelly odor odors odour stink stinks stinky stinking
        stench reek reeks reeking whiff whiffs fumes scent sniff stank foul aroma huele huelo
        huelen oliendo olor olores apesta apestan olia uele guele olemos hedor""",
    "egg": """egg eggs eggy rotten rotting sulfur sulfury sulphur sulphury skunk skunky cabbage
        huevo huevos podrido podridos azufre""",
    "smoke": """smoke smokes smoking smoky smokin smoked haze hazy smog spoke foggy soot sooty smok
        smoak smudge humo humeando ahumado umo humero humareda""",
    "fire": """fire fires flame flames blaze ablaze burning burns embers smolder smoldering smoulder
        smouldering ignited lit inferno glowing glow fuego llamas llamarada lumbre incendio
        incendiando quemando ardiendo prendio candela quema arde flamazo""",
    "burnt": """burnt burned scorched scorch charred charring melted melting melt toasted blackened
        singed browned discolored warped fused bubbled fried cooked quemado quemo derretido
        derritio derritiendo chamuscado""",
    "spark": """spark sparks sparking sparked arc arcs arcing arced arching arch flash flashes
        flashed arking chispa chispas chispazo chispeando chispea corto""",
    "buzz": """buzz buzzing buzzes humming hums hum sizzling sizzle sizzles crackling crackle
        crackles frying popping popped pops fizzing fizzles snapping snap zumbando zumba zumbido
        tronando truena trono""",
    "hiss": """hiss hisses hissing whistling whistles whistle whoosh whooshing psss escaping venting
        silba silbando chifla roaring blowing""",
    "hot": "hot warm scalding caliente",
    "shock": """shock shocked shocks shocking zap zapped zapping zaps jolt jolted tingle tingles
        tingling tingled tingly electrocuted electrocution electrified energized bites kick
        buzzed toques toque corriente descarga electrocuto electrocute calambre""",
    "outlet": """outlet outlets plug plugs plugged socket sockets receptacle receptacles switch
        switches cord cords strip dimmer toggle enchufe enchufes contacto contactos apagador
        tomacorriente tomacorrientes interruptor extension extensiones""",
    "panel": """panel panels breaker breakers fuse fuses fusebox meter disconnect transformer
        electric electrical electricity braker switchgear medidor caja fusibles tablero
        electrico electrica""",
    "wire": "wire wires wiring line lines cable cables pole poste powerline conductor",
    "light": """light lights fixture fixtures chandelier bulb bulbs lamp foco focos lampara bombillo
        luces""",
    "water": "water agua aguas",
    "flood": """flood flooded flooding floods underwater submerged inundado inundada inundando
        inundo inunda inundandose anegado flooda""",
    "gush": """pouring gushing gush spraying spewing shooting geyser everywhere torrent fountain
        waterfall raining rushing dumping streaming shot spray sprays pours sheeting chorro
        chorros poring botando brotando escurre""",
    "burst": """burst bursted bursts busted bust exploded explode snapped ruptured split broke
        cracked birst reventada revento rompio rompieron quebro exploto""",
    "leak": """leak leaks leaking leaked leaky leek drip drips dripping fuga fugas goteando gotea
        gotera goteras escape filtrando leaken leaf""",
    "ceiling": "ceiling ceilings techo wall walls pared",
    "sewage": """sewage sewer poop waste feces turds crap septic excrement effluent drenaje popo
        caca mierda negras suer shit poo pooh sludge fecal sewidge sewege suage doo turd
        suciedad residuales septica cloaca""",
    "up": """up back backing backed backs overflow overflowing overflowed overflows backup
        desbordando desborda desbordo regresando regreso reboso rebosando""",
    "fixture": """tub bathtub shower toilet toilets sink drain drains commode basin tina regadera
        john potty bano excusado escusado inodoro taza coladera desague lavabo ducha""",
    "heater": """heat heater heaters heating furnace furnaces boiler radiator radiators calefaccion
        furnish furnice heet boilers calenton caldera calentador""",
    "out": """out dead died quit quits quitting broken stopped off down conked kaput failed locked
        apago descompuso sirve""",
    "cold": """cold freezing freezes frozen freeze froze ice icy frigid blizzard snow snowing zero
        subzero frost shivering breath frio helado helada helando nevando congelando congelados
        chilly icicles hypothermic blue frozed friisimo hielo nieve congelandonos""",
    "frail": """baby babies infant infants newborn newborns toddler preemie elderly oxygen hospice
        dialysis ventilator chemo eighties nineties seventies grandmother grandma grandfather
        grandpa pregnant twins child wheelchair disabled copd surgery seniors senior nursing
        mother mom mama dad father aunt bebe recien abuela abuelita abuelo oxigeno anciana
        ancianos ancianita nina nino ninos embarazada""",
    "monoxide": "monoxide co monoxido carbonmonoxide carbono manoxide monoxid monocide carbon",
    "alarm": "alarm alarms detector detectors monitor sensor alert alarma alarmas",
    "sounding": """beeping beeps blaring screaming sounding ringing shrieking hollering tripped
        yelling chiming sounded rings rang wailing shouting sonando suena pitando pitar pita
        gritando""",
    "chirp": """chirp chirps chirping chirped peep battery batteries expired expires pila pilas
        bateria vencido""",
    "ill": """headache headaches dizzy nauseous nausea nauseated sick vomiting vomit lightheaded
        woozy loopy drowsy lethargic faint fainted confused unconscious collapsed throwing
        puking puked passed poisoning poisoned vomited queasy dizziness mareados mareada mareado
        mareos vomitando nauseas desmayo desmayamos confundida intoxicacion cabeza""",
    "engine": """generator exhaust idling grill charcoal kerosene flue backdrafting generador asador
        planta""",
    "cooling": "ac hvac conditioner conditioning cooling cool freon coil condenser compressor aire",
    "fridge": "fridge freezer refrigerator cooler refri congelador",
    "place": "basement cellar crawlspace crawl attic garage sotano atico basemant",
    "tap": "faucet tap spigot showerhead llave well grifo",
    "small": "small tiny slow little slight minor bit trickle spot stain poquito poco gotita",
    "money": """price bill cost quote estimate charge invoice dollars factura cotizacion precio
        recibo coverage warranty""",
    "fine": """fine okay comfortable normal safe dry good perfect comfy cozy toasty clear quiet
        great bien seco""",
    "flue": "vent vents chimney duct ducts",
    "everyone": "everyone everybody all family kids both todos hijos",
    "fixed": """fixed repaired replaced cleared sealed capped resolved patched swapped rewired
        rebuilt arreglo arreglaron arreglada arreglado reparada repararon""",
    "job": """install installed installation inspection inspect inspected maintenance service tune
        upgrade replacement permit remodel cotizar instalar mantenimiento""",
    "out of here": """evacuated evacuate evacuating outside leave left ambulance hospital firemen
        firefighters bomberos responders""",
    "deep": """inches inch feet foot knee ankle waist standing rising underneath deep puddle pool
        soaked soaking soaks wet mojado mojados""",
    "reading": "ppm million parts reads reading showing shows says marca level levels",
    "drop": "falling fell caido caida caer hanging laying lying",
    "other": """tenant tenants renter renters resident residents roommate neighbor neighbors
        inquilino inquilina vecino landlord""",
}

# Long enough to be known by their sound when they were misheard.
_BY_SOUND = """breaker breakers outlet outlets receptacle electric electrical furnace heater boiler
    basement ceiling carbon monoxide detector detectors generator propane headache headaches
    smelling sparking smoking flooding sewage bathtub overflowing freezing
    transformer chandelier dishwasher calefaccion monoxido chispas inundando calentador"""

CONCEPTS: dict[str, str] = {}
for _thing, _words in LISTS.items():
    for _word in _words.split():
        CONCEPTS[_word] = _thing
SOUNDS = {
    sound(_word): CONCEPTS[_word]
    for _word in _BY_SOUND.split()
    if _word in CONCEPTS and len(sound(_word)) > 3
}

# Numbers in words; tens and units are added ("eighty four").
NUMBERS: dict[str, int] = {
    word: value
    for value, words in {
        0: "zero cero", 1: "one uno un", 2: "two dos", 3: "three tres", 4: "four cuatro",
        5: "five cinco", 6: "six seis", 7: "seven siete", 8: "eight ocho", 9: "nine nueve",
        10: "ten diez", 11: "eleven once", 12: "twelve doce", 13: "thirteen", 14: "fourteen",
        15: "fifteen quince", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen",
        20: "twenty veinte", 30: "thirty treinta", 40: "forty cuarenta", 50: "fifty cincuenta",
        60: "sixty sesenta", 70: "seventy setenta", 80: "eighty ochenta", 90: "ninety noventa",
    }.items()
    for word in words.split()
}  # fmt: skip

# What a sentence does with a danger: tells of one long ago, supposes one, wants something sold.
# Runs over the words as the features have them, one space between them.
FRAMES: dict[str, str] = {
    "past": r"last (?:year|month|week|winter|summer|spring|fall|time|christmas|thanksgiving|"
    r"january|february|march|june|november|december)|(?:years?|months?|weeks?|winters|summers) "
    r"(?:ago|back)|used to|back (?:in|when)|in (?:19|20)\d\d|when (?:i|we) (?:was|were|bought)|"
    r"previous|(?:old|our last|other) (?:house|place|owner)|once|long ago|ever since|"
    r"ano pasado|mes pasado|semana pasada|hace (?:un|una|dos|tres|\w+) (?:anos?|mes|meses)|"
    r"as a kid|(?:first|second) apartment|the (?:eighties|nineties|seventies)|growing up|"
    r"(?:yesterday|earlier|monday|tuesday|wednesday|thursday|friday|saturday|sunday) (?:and|but) "
    r"(?:its|it|theyve|they|hes|we|were|now)|that was",
    "over": r"cleared|all clear|(?:its|is|was|got|been|all|has been) (?:fixed|repaired|replaced|"
    r"gone|off|capped)|(?:fixed|replaced|repaired) (?:it|that|them)|turned out|false alarm|"
    r"never mind|(?:is|its|came|back) (?:back )?on|works? (?:great|fine|now)|no more|since then|"
    r"was (?:just|only)|it was (?:the|my|a)|has been|been (?:great|fine|good|perfect)|thank you|"
    r"to pay|invoice|receipt|never mind|cancel|holding|no longer|all set|tests? clean|"
    r"nothing since|found nothing|capped|sealed|resolved|dried|all good|were good|"
    r"checked (?:it|everything)|"
    r"already (?:came|fixed|cut)|ya (?:lo|la|esta|quedo|no|vinieron|reviso\w*|arregl\w+)",
    "if": r"what (?:if|would|should|happens|do i do if|are the)|if (?:i|we|my|the|there|it|a) "
    r"(?:ever |were |had |smell|smelled|see|goes|backs|catches|falls|floods|bursts|breaks|gets)|"
    r"in case|how (?:would|do) (?:i|we|you) (?:know|test|teach|prevent)|hypothetic\w+|"
    r"just (?:wondering|asking|curious|so i know)|is it (?:normal|safe|bad|dangerous) to|"
    r"someday|ever|in the future|eventually|going forward|afraid|scared|nervous|concerned about|"
    r"so (?:it|that|they|he|she) (?:doesnt|dont|wont|never|cant)|prevent\w*|avoid|risk|"
    r"what does|what do they|signs of|read (?:about|an|online)|saw (?:on|a|an)|movie|the news|"
    r"training|drill|class|worried about|dont want (?:it|to|anybody)|"
    r"can (?:a|an|you get|kids|old|bad)|"
    r"could (?:a|an|old|that|water|rain)|que (?:hago|pasa) si|como se si|algun dia",
    "buy": r"how much|quote|estimate|price|install\w*|do you (?:sell|carry|do|have|guys|work)|"
    r"looking (?:for|to)|(?:id|i) (?:like|want|need) (?:a|an|to|my|some) (?:new|quote|put|get|"
    r"have|buy|replace|move|add|switch)|tune up|inspection|maintenance|replacement|upgrade|"
    r"remodel\w*|relocat\w*|permit|sell|shopping|financing|rebate|warranty|membership|yearly|"
    r"annual|new construction|clean(?:ed|ing)|how many|where can|convert|cotizacion|"
    r"cuanto (?:cuesta|cobran)|instalar|quiero (?:un|una|cambiar|poner)",
    "now": r"right now|just now|now|again|tonight|this time|today|currently|keeps?|wont stop|"
    r"still|getting (?:worse|stronger|bigger)|all over|since (?:this|last night)|ahora|ahorita|"
    r"otra vez|sigue|cant (?:stop|shut|turn|breathe)|help|hurry|please|oh (?:my )?god|ayud\w+",
    "rather": r"(?:its|it is|thats|this is|im|was) not|isnt|not (?:a|the|just|an)|no es",
    "other": r"(?:says?|said|told|called|texted|telling|reports?|complain\w*|swears|dice|dicen|"
    r"me aviso)",
    "answer": r"^(?:no|nope|not|none|nobody|nothing|nah|neither)\b",
    "ask": r"^(?:what|how|is|are|can|do|does|will|would|should|could|where|who|which|why)\b",
    "us": r"everyone|everybody|all of us|we all|both of us|whole family|all three|our kids|"
    r"todos|my (?:husband|wife) and",
}
