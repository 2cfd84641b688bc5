"""Words that transcripts use for speakers, for facts about an interview, and for neither."""

# One word in a line of text; words of one name are joined by a hyphen.
_ROLES = """
interviewer interviewster interviewee interv intervw int iv ie inter geïnterviewde geinterviewde
onderzoeker onderzoekster researcher investigator res resp respondent respondente informant
participant deelnemer deelneemster subject proefpersoon pp moderator facilitator host
gespreksleider gespreksleidster voorzitter chair observer observator notulist
ma moeder vader ouder ouders mother father parent mom mum dad stiefmoeder stiefvader pleegmoeder
pleegvader pleegouder adoptiemoeder stepmother stepfather foster-mother foster-father oma opa
grandmother grandfather grandma grandpa guardian voogd zoon dochter son daughter kind child
jongere jongen meisje boy girl broer zus brother sister tante oom aunt uncle partner echtgenoot
echtgenote husband wife man vrouw
student leerling pupil teacher docent docente leraar lerares leerkracht juf meester tutor coach
cliënt client klant patiënt patient arts dokter doctor therapist therapeut therapeute counselor
counsellor psycholoog psychologist psychiater psychiatrist nurse verpleegkundige verpleger
hulpverlener hulpverleenster begeleider begeleidster behandelaar professional
gezinsvoogd jeugdbeschermer jeugdzorgwerker maatschappelijk-werker social-worker case-manager
casemanager manager medewerker medewerkster worker caregiver carer mantelzorger tolk interpreter
speaker spreker spreekster sprecher sprecherin befragte befragter unknown onbekend unknown-speaker
onbekende-spreker unidentified unidentified-speaker male female all allen allemaal meerdere
multiple-speakers everyone voice stem man-stem group groep audience publiek
vraag antwoord question answer q a narrator verteller ai bot assistant user
spk s spkr
"""
# Words that begin a sentence with a colon after them; nobody is called so.
_SPOKEN = """
ja nee nou dus toen en maar want ook of oke oké okay ok so then well yes no and but because like
example bijvoorbeeld kortom conclusie conclusion first second third ten eerste tweede derde thing
things punt point reden reason belangrijk important namelijk juist precies let op let-op nb ps ad
voorbeeld zoals verder daarna later eerst tenslotte finally also plus anders ik hij zij ze jij je
wij we jullie u hen hem haar you he she they it i'm one two dat dit die deze wat hoe waarom wie
wanneer waar what how why who when where which that this these those here there hier daar nu now
today vandaag gisteren yesterday morgen altijd soms nooit always sometimes never tv www http https
mailto ma di wo do vr za zo let wel kijk look listen luister hoor zeg say said dacht thought goh
hallo hoi dag hello hi hey goedemorgen goedemiddag welkom
oh ah eh uh um uhm ehm hm hmm tja
"""
# What the top of a transcript says about the conversation.
_METADATA = """
date datum time tijd tijdstip place plaats location locatie duration duur lengte length interview
interviewnummer interviewnr interview-id id nummer number nr file bestand bestandsnaam filename
audio audio-file audiofile audiobestand recording opname opnamedatum project study studie onderzoek
transcribed-by transcriptie-door getranscribeerd-door getranscribeerd transcribed transcriber
transcribent transcript transcriptie transcription participants deelnemers aanwezig aanwezigen
present attendees respondentnummer respondent-id participant-id code title titel language taal
leeftijd age geslacht gender sex onderwerp subject-of-interview topic thema theme speakers sprekers
summary keywords summary-keywords samenvatting notes notities opmerking opmerkingen remarks comment
comments note noot setting context achtergrond background version versie status legend legenda
transcriptieregels opdrachtgever school organisatie organisation organization instelling functie
function beroep occupation datum-interview date-of-interview interview-date interviewdatum kind
source bron group-size session sessie meeting created author auteur consent toestemming pseudonym
pseudoniem start start-time end-time begin einde starttijd eindtijd from subject synthetic
synthetisch deel part section sectie hoofdstuk chapter blok block paragraaf
aanleiding bijzonderheden startdatum type-hulp setting
"""
_PARTICLES = """
van de der den het 't ten ter te op in von zu da di du del della la le el al bin ibn dos das e y en
and & of und –
"""


def _split(words: str) -> frozenset[str]:
    return frozenset(word.replace("-", " ") for word in words.split())


ROLES = _split(_ROLES)
SPOKEN = _split(_SPOKEN) - {"i", "v", "m"}
METADATA = _split(_METADATA)
PARTICLES = _split(_PARTICLES)
