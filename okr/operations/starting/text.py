"""The files that a new workspace starts with, in English and in French, as templates: text only, no decisions.

`$name` and the like are filled in by `starting.py`; those that end in `_yaml` come quoted as YAML needs.
"""

from __future__ import annotations

ENGLISH = {
    "okr.yaml": """\
# The settings of this workspace. The file's presence marks the workspace's root.
name: $name_yaml
year_starts: $year_starts                       # the month in which your year begins: 1 is January
limits:
  objectives: {min: 2, max: 3}       # per owner and cycle: few enough to know by heart
  key_results: {min: 2, max: 5}      # per objective
checkin_every: 7                     # days; after twice as long without one, a key result counts as stale
language: en                         # what the wording rules read: en or fr
# rules: {OKR308: off}               # a rule's severity: error, warning, info or off
""",
    "org.yaml": """\
# Teams and people: whoever may own an objective, a key result or a KPI.
# The e-mail address is how `okr checkin` knows who you are: it should be the one git uses.
teams:
  - {id: $company, name: $name_yaml}
  - {id: $team, name: $team_yaml, parent: $company$lead}
$people""",
    "people": """\
people:
  - {id: $person, name: $person_yaml, email: $email_yaml, team: $team}
""",
    "no people": """\
people: []                           # okr new person alice --name "Alice Martin" --email alice@acme.example
""",
    "kpis.yaml": """\
# KPIs are measured all year round, whatever the quarter's goals are. A key result that says
# `kpi: customers` takes its numbers from here; the measurements stand in checkins/kpis.yaml.
kpis:
  - id: customers
    name: Customers who pay
    unit: customers
    owner: $company
    why: Whoever pays us gets something out of it.
""",
    "annual": """\
# What all of us want to have become by the end of the year. The teams' objectives point here with `supports`.
# These lines are an example to start from: put your own goals in their place, then run `okr validate`.
objectives:
  - id: loved
    title: Become the choice people recommend to each other
    why: Customers who come through a friend stay twice as long.
    key_results:
      - id: customers
        title: 5,000 customers who pay
        kpi: customers               # its check-ins are the KPI's measurements
        from: 3200
        to: 5000
        weight: 2                    # counts twice in the objective's score; 1 if left out
      - id: recommendation
        title: Net promoter score of 50
        unit: points
        from: 32
        to: 50

  - id: footing
    title: Stand on our own feet
    why: We would rather choose our next investor than need one.
    type: committed                  # a promise: on track only if it will be met in full
    key_results:
      - id: revenue
        title: Monthly revenue of 400,000 euros
        unit: euros
        from: 250000
        commit: 320000               # the least that is promised
        to: 400000
      - id: losses
        title: At most 3% of customers lost in a month
        unit: "%"
        at_most: 3                   # keep it there: scored by the share of days it was
""",
    "quarterly": """\
# The plan of $team_name for $quarter: few objectives, each with a few key results.
# An objective is a direction, without a number; a key result is a number, or another fact that nobody can dispute.
# These lines are an example to start from: put your own goals in their place, then run `okr validate`.
objectives:
  - id: first-impression
    title: Make a first impression people talk about
    why: Most visitors decide within a minute whether they come back.$accountable
    type: aspirational               # 0.7 is a good result; the default when left out
    supports: $year/$company/loved
    key_results:
      - id: visits
        title: 20,000 visits a month
        unit: visits
        from: 12000
        to: 20000
        initiatives:                 # how we mean to get there; never scored
          - {title: Rewrite the landing page, done: false}
      - id: sign-ups
        title: Grow weekly sign-ups by 30%
        unit: sign-ups
        from: 240
        to: +30%                     # a share of `from`
      - id: complaints
        title: At most 5 complaints a week
        unit: complaints
        at_most: 5
        weight: 0                    # a guardrail: watched and shown, never scored

  - id: answers
    title: Answer every question before it is asked
    why: Each question asked twice is a page we should have written.$accountable
    type: committed                  # a promise: on track only if it will be met in full
    supports: $year/$company/footing
    key_results:
      - id: guide
        title: The new guide is online
        milestones: {drafted: 0.3, reviewed: 0.6, online: 1.0}
      - id: self-service
        title: 80% of visitors find the answer by themselves
        unit: "%"
        from: 55
        to: 80
""",
    "cycle.yaml": """\
# Facts of this cycle that its name does not say.
state: active                        # planning while the goals are being agreed, closed once they are graded
""",
    "README.md": """\
# The goals of $name

These files hold our objectives and key results. Anyone may read them; everyone may propose a change.

| you want to | do this |
| --- | --- |
| see where we stand | `okr status`, or `okr tree` for how the goals fit together |
| say how a key result is doing | `okr checkin $checkin --confidence 0.7 -m "The new page is live"` |
| add a goal | `okr new objective`, `okr new key-result` |
| change a goal | edit the plan in `okrs/`, run `okr validate`, open a pull request |
| plan what comes next | `okr plan open CYCLE --branch`, then `okr plan check` |

- `okrs/<cycle>/<owner>.yaml` is a plan: two or three objectives, each with a few key results. It changes seldom, in a
  pull request.
- `checkins/<cycle>/<owner>.yaml` is a log. It only grows: a mistake is taken back by a new line, never by deleting one.
- `org.yaml` lists teams and people, `kpis.yaml` what is measured all year round, `okr.yaml` the settings.
- An id is never reused for something else. What gets a new id keeps the old one under `formerly`.

A check-in takes a minute a week, is one line and one commit, and needs no review.
""",
}

FRENCH = {
    "okr.yaml": """\
# Les réglages de cet espace de travail. La présence de ce fichier en marque la racine.
name: $name_yaml
year_starts: $year_starts                       # le mois où commence votre année : 1 pour janvier
limits:
  objectives: {min: 2, max: 3}       # par responsable et par cycle : assez peu pour les retenir
  key_results: {min: 2, max: 5}      # par objectif
checkin_every: 7                     # jours ; au-delà du double, un résultat clé est réputé en sommeil
language: fr                         # la langue que lisent les règles de rédaction : en ou fr
# rules: {OKR308: off}               # la gravité d'une règle : error, warning, info ou off
""",
    "org.yaml": """\
# Les équipes et les personnes : tous ceux à qui l'on peut confier un objectif, un résultat clé ou un KPI.
# L'adresse électronique permet à `okr checkin` de savoir qui vous êtes : mettez celle que git utilise.
teams:
  - {id: $company, name: $name_yaml}
  - {id: $team, name: $team_yaml, parent: $company$lead}
$people""",
    "people": ENGLISH["people"],
    "no people": """\
people: []                           # okr new person alice --name "Alice Martin" --email alice@acme.example
""",
    "kpis.yaml": """\
# Les KPI se mesurent toute l'année, quels que soient les objectifs du trimestre. Un résultat clé qui dit
# `kpi: clients` y puise ses chiffres ; les mesures se trouvent dans checkins/kpis.yaml.
kpis:
  - id: clients
    name: Clients qui paient
    unit: clients
    owner: $company
    why: Celui qui nous paie y trouve son compte.
""",
    "annual": """\
# Ce que nous voulons tous être devenus à la fin de l'année. Les objectifs des équipes s'y rattachent par `supports`.
# Ces lignes sont un exemple : mettez-y vos propres objectifs, puis lancez `okr validate`.
objectives:
  - id: reference
    title: Devenir le choix que l'on recommande autour de soi
    why: Un client venu par un ami reste deux fois plus longtemps.
    key_results:
      - id: clients
        title: 5 000 clients qui paient
        kpi: clients                 # c'est le KPI que l'on relève
        from: 3200
        to: 5000
        weight: 2                    # compte double dans le score de l'objectif ; 1 par défaut
      - id: recommandation
        title: Indice de recommandation porté à 50
        unit: points
        from: 32
        to: 50

  - id: autonomie
    title: Vivre de nos propres ressources
    why: Mieux vaut choisir son prochain investisseur que d'en avoir besoin.
    type: committed                  # une promesse : en bonne voie seulement si elle est tenue en entier
    key_results:
      - id: revenus
        title: 400 000 euros de revenus par mois
        unit: euros
        from: 250000
        commit: 320000               # le minimum promis
        to: 400000
      - id: pertes
        title: Au plus 3 % de clients perdus par mois
        unit: "%"
        at_most: 3                   # à maintenir : score = part des jours où c'était le cas
""",
    "quarterly": """\
# Le plan de $team_name pour $quarter : peu d'objectifs, chacun avec quelques résultats clés.
# Un objectif est une direction, sans chiffre ; un résultat clé est un chiffre, ou un fait que nul ne peut contester.
# Ces lignes sont un exemple : mettez-y vos propres objectifs, puis lancez `okr validate`.
objectives:
  - id: premiere-impression
    title: Faire une première impression dont on parle
    why: La plupart des visiteurs décident en une minute s'ils reviendront.$accountable
    type: aspirational               # 0,7 est déjà un beau résultat ; valeur par défaut
    supports: $year/$company/reference
    key_results:
      - id: visites
        title: 20 000 visites par mois
        unit: visites
        from: 12000
        to: 20000
        initiatives:                 # les moyens ; ils ne sont jamais notés
          - {title: Réécrire la page d'accueil, done: false}
      - id: inscriptions
        title: +30 % d'inscriptions par semaine
        unit: inscriptions
        from: 240
        to: +30%                     # relatif à `from`
      - id: plaintes
        title: Au plus 5 plaintes par semaine
        unit: plaintes
        at_most: 5
        weight: 0                    # garde-fou : surveillé et affiché, jamais noté

  - id: reponses
    title: Répondre à chaque question avant qu'on la pose
    why: Toute question posée à nouveau est une page que nous aurions dû écrire.$accountable
    type: committed                  # une promesse : en bonne voie seulement si elle est tenue en entier
    supports: $year/$company/autonomie
    key_results:
      - id: guide
        title: Le nouveau guide est en ligne
        milestones: {redige: 0.3, relu: 0.6, en-ligne: 1.0}
      - id: autonomie
        title: 80 % des visiteurs trouvent seuls la réponse
        unit: "%"
        from: 55
        to: 80
""",
    "cycle.yaml": """\
# Ce que le nom de ce cycle ne dit pas.
state: active                        # planning pendant la préparation, closed une fois les résultats notés
""",
    "README.md": """\
# Les objectifs de $name

Ces fichiers contiennent nos objectifs et nos résultats clés. Chacun peut les lire, chacun peut proposer de
les changer.

| vous voulez | faites ceci |
| --- | --- |
| savoir où nous en sommes | `okr status`, ou `okr tree` pour voir comment les objectifs s'emboîtent |
| donner des nouvelles d'un résultat clé | `okr checkin $checkin --confidence 0.7 -m "La nouvelle page est en ligne"` |
| ajouter un objectif | `okr new objective`, `okr new key-result` |
| changer un objectif | modifiez le plan dans `okrs/`, lancez `okr validate`, ouvrez une pull request |
| préparer la suite | `okr plan open CYCLE --branch`, puis `okr plan check` |

- `okrs/<cycle>/<responsable>.yaml` est un plan : deux ou trois objectifs, chacun avec quelques résultats clés. Il
  change rarement, et toujours après relecture.
- `checkins/<cycle>/<responsable>.yaml` est un journal. Il ne fait que grandir : une erreur se corrige par une nouvelle
  ligne, jamais en effaçant l'ancienne.
- `org.yaml` nomme les équipes et les personnes, `kpis.yaml` ce qui se mesure toute l'année, `okr.yaml` les réglages.
- Un identifiant ne sert jamais deux fois. Ce qui change d'identifiant garde l'ancien sous `formerly`.

Le point prend une minute par semaine : une ligne, un commit, pas de relecture.
""",
}

TEXTS = {"en": ENGLISH, "fr": FRENCH}
COMPANY = {"en": "company", "fr": "entreprise"}
TEAM = {"en": "Marketing", "fr": "Communication"}
FIRST_KEY_RESULT = {"en": "first-impression/visits", "fr": "premiere-impression/visites"}
"""The key result of the quarterly plan that the first check-in is shown with, and its first value."""
FIRST_VALUE = "13500"
ANY_CHECKIN = {"en": "OWNER/OBJECTIVE/KEY-RESULT VALUE", "fr": "RESPONSABLE/OBJECTIF/RÉSULTAT-CLÉ VALEUR"}
"""The same where there is no plan yet."""
COMMIT_MESSAGE = {"en": "Start our OKRs", "fr": "Démarrer nos OKR"}
