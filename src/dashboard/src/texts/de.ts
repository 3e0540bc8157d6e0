/** The texts of the dashboard in German. */

import type { Attempts, Texts } from './en.ts';

const number = (value: number): string => value.toLocaleString('de');
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`;

const attempts = (of: Attempts, where: string): string =>
  `${count(of.count, 'Versuch', 'Versuche')} in ${of.windowMinutes} min ${where}, ${number(of.failures)} fehlgeschlagen`;

const removedByReset = 'werden die Passkeys entfernt, die in den letzten 7 Tagen hinzugefügt wurden; sämtliche, wenn das Konto mit einem Passkey '
  + 'registriert oder seine E-Mail geändert und seither kein solcher Link benutzt wurde';

export const de: Texts = {
  skip: 'Zum Inhalt', pages: 'Seiten', logOut: 'Abmelden', starting: 'Wird geladen …', cancel: 'Abbrechen', more: 'Mehr anzeigen',
  loaded: 'Liste geladen.',
  loading: what => `Wird geladen: ${what} …`,
  retry: what => `Erneut laden: ${what}`,
  shownOf: time => `Angezeigt wird der Stand vom ${time}.`,
  sort: (column, table) => `${column}: ${table} sortieren`,
  none: '–', unknown: 'Unbekannt', never: 'nie', off: 'aus', yes: 'ja', no: 'nein',
  when: 'Wann', what: 'Was', why: 'Warum', from: 'Von', to: 'Bis', last: 'Zuletzt', kind: 'Art', result: 'Ergebnis', proof: 'Nachweis',
  actions: 'Aktionen',
  succeeded: 'erfolgreich', failed: 'fehlgeschlagen',
  address: 'Adresse', location: 'Ort', country: 'Land', device: 'Gerät', browser: 'Browser', system: 'System und Browser',
  unknownEmail: 'unbekannte E-Mail-Adresse',
  browserOn: (browser, system) => `${browser} unter ${system}`,
  move: (from, to) => `${from} nach ${to}`,
  within: duration => `innerhalb von ${duration}`,
  byCountry: what => `${what} nach Land`,
  count: (value, what) => `${what}: ${number(value)}.`,
  onRecord: 'Das steht danach mit Ihrem Namen im Protokoll des Benutzers.',
  fault: 'Diese Seite hat einen Fehler. Laden Sie sie neu.',
  unexpected: status => `Unerwartete Antwort des Dienstes (Status ${status}).`,
  errors: {
    network_error: 'Der Dienst ist nicht erreichbar. Prüfen Sie die Verbindung, und versuchen Sie es erneut.',
    insufficient_user_authentication: 'Dafür müssen Sie bestätigen, dass Sie es sind.',
    unavailable: 'Der Dienst ist vorübergehend nicht verfügbar. Versuchen Sie es gleich noch einmal.',
    misconfigured: 'Der Dienst ist falsch konfiguriert; Näheres steht in seinem Log.',
    internal_error: 'Im Dienst ist ein Fehler aufgetreten; Näheres steht in seinem Log.',
    rate_limited: 'Zu viele Anfragen. Warten Sie etwas, und versuchen Sie es erneut.',
    not_found: 'Das gibt es nicht oder nicht mehr.',
    invalid_credentials: 'E-Mail oder Passwort ist falsch.',
    wrong_password: 'Das Passwort ist falsch.',
    account_locked: 'Zu viele Fehlversuche. Warten Sie etwas, und versuchen Sie es erneut.',
    captcha_required: 'Der Dienst verlangt ein Captcha, das diese Seite nicht hat. Versuchen Sie es später oder von einer anderen Adresse aus.',
    account_closing: 'Das Konto ist geschlossen. Stellen Sie es in der Anwendung wieder her, oder lassen Sie es einen anderen Administrator tun.',
    reset_impossible: 'Keine Mail kann ein neues Passwort setzen: Der Dienst sendet keine, das Konto ist gesperrt oder wird gelöscht, oder seine '
      + 'E-Mail wurde vor Kurzem geändert. Sperren Sie stattdessen das Konto.',
    email_not_verified: 'Die E-Mail-Adresse ist nicht bestätigt. Folgen Sie dem Link in der Mail.',
    location_refused: 'Die Anmeldung wird wegen ihres Orts abgelehnt. Melden Sie sich von einem gewohnten Ort aus an.',
    passkey_required: 'Dafür ist ein Passkey nötig: Melden Sie sich ab und mit einem Passkey wieder an.',
    passkey_for_review: 'Dieser Passkey wartet auf Ihre Prüfung: Melden Sie sich anders an, und behalten oder entfernen Sie ihn dann.',
    passkey_unknown: 'Der Dienst kennt diesen Passkey nicht.',
    passkey_invalid: 'Dieser Passkey wird nicht angenommen. Versuchen Sie es erneut, oder melden Sie sich anders an.',
    passkey_cloned: 'Dieser Passkey wurde vielleicht kopiert. Melden Sie sich anders an, und entfernen Sie ihn.',
    passkey_wrong_origin: 'Unter dieser Adresse gelten keine Passkeys. Öffnen Sie die Seite unter der gewohnten.',
    passkey_wrong_rp: 'Dieser Passkey gehört zu einem anderen Dienst.',
    ceremony_invalid: 'Der Passkey wurde für etwas anderes verwendet. Versuchen Sie es erneut.',
    ceremony_expired: 'Der Passkey wurde zu spät verwendet. Versuchen Sie es erneut.',
    ceremony_used: 'Der Passkey wurde zweimal verwendet. Versuchen Sie es erneut.',
    last_credential: 'Ohne diesen Passkey kann sich der Benutzer nicht mehr anmelden.',
    password_recovery_off: 'Das Konto hat Passkeys statt eines Passworts, und per Mail darf keines gesetzt werden.',
    passkey_cancelled: 'Es wurde kein Passkey verwendet.',
    passkey_timeout: 'Es wurde nicht rechtzeitig ein Passkey verwendet. Versuchen Sie es erneut.',
    passkeys_unsupported: 'Dieses Gerät kann keine Passkeys verwenden.',
    replaced: 'Eine andere Anmeldung in diesem Browser hat Ihre ersetzt. Melden Sie sich erneut an.',
  },
  preferences: { language: 'Sprache', zone: 'Zeitzone', local: zone => `Lokal (${zone})` },
  login: {
    submit: 'Anmelden', email: 'E-Mail', password: 'Passwort', passkey: 'Passkey verwenden',
    stay: 'Angemeldet bleiben, wenn die Seite neu geladen wird',
    intro: 'Für Administratoren. Melden Sie sich mit E-Mail und Passwort oder einem Passkey an.',
    noCookie: 'Sie sind angemeldet, bis diese Seite neu geladen wird: Der Dienst setzt für sie kein Cookie.',
    notAdministrator: 'Dieses Konto hat keine Administratorrechte; Sie wurden wieder abgemeldet.',
    ended: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an.',
    endedBecause: reason => `Ihre Sitzung ist beendet (${reason}). Melden Sie sich erneut an.`,
    notTold: error => `Sie sind in diesem Browser abgemeldet, aber der Dienst wurde nicht erreicht: ${error}`,
  },
  stepUp: {
    title: 'Bestätigen Sie, dass Sie es sind',
    why: 'Für eine Änderung darf Ihre letzte Anmeldung oder Bestätigung höchstens einige Minuten zurückliegen.',
    confirm: 'Bestätigen',
  },
  live: {
    on: 'Wird laufend aktualisiert.', off: 'Angehalten.', over: 'Wird nicht aktualisiert: Der Zeitraum ist vorbei.',
    pause: 'Aktualisierung anhalten', resume: 'Aktualisierung fortsetzen',
  },
  filters: { title: 'Filter', apply: 'Anwenden', clear: 'Filter löschen', all: 'Alle' },
  chart: {
    day: 'Tag', empty: 'Für diesen Zeitraum ist noch nichts gezählt.',
    data: title => `${title}: Daten`,
    unfinished: day => `${day} (bisher)`,
    uncounted: day => `${day} (noch nicht gezählt)`,
  },
  period: {
    title: 'Zeitraum', show: 'Anzeigen',
    from: 'Von (UTC)', to: 'Bis (UTC)',
    missing: 'Geben Sie beide Tage ein.', reversed: 'Der erste Tag liegt nach dem letzten.',
    tooLong: days => `Ein Zeitraum hat höchstens ${days} Tage.`,
    days: days => `${days} Tage`,
    showing: (from, to) => `Angezeigt: ${from} bis ${to}.`,
  },
  now: {
    title: 'Jetzt', what: 'die aktuellen Zahlen', none: 'Keine aktuellen Zahlen: Die Statistik ist einen Tag im Rückstand, oder der Speicher kann nicht gelesen werden.',
    sessions: 'Aktive Sitzungen', online: 'Benutzer online', logins: 'Anmeldungen heute', failed: 'Fehlversuche heute',
    at: time => `Stand: ${time}. Ein Tag beginnt um Mitternacht UTC.`,
    tooMany: 'Seither ist zu viel geschehen, um es sofort zu zählen.',
    noOnline: 'Wie viele Benutzer online sind, ist unbekannt: Redis ist aus oder antwortet nicht.',
  },
  overview: {
    title: 'Übersicht', what: 'die Statistik', whatFailed: 'die Fehlversuche', statistics: 'Statistik', failed: 'Fehlversuche',
    nothing: 'Für diese Tage ist noch nichts gezählt. Eine Stunde wird 15 Minuten nach ihrem Ende gezählt.',
    upTo: time => `Gezählt bis ${time}.`,
    uncounted: (time, from, to) => `Gezählt bis ${time}; noch nicht gezählt: ${from} bis ${to ?? 'jetzt'}.`,
    logins: 'Anmeldungen', failedLogins: 'Fehlversuche', active: 'Aktive Sitzungen', ended: 'Beendete Sitzungen', refreshes: 'Erneuerungen',
    reused: 'Wiederverwendete Token',
    loginsByDay: 'Anmeldungen pro Tag (UTC)', sessionsByDay: 'Sitzungen pro Tag (UTC)', atEnd: 'Am Ende aktiv', endedThatDay: 'Beendet',
    byDevice: 'Aktive Sitzungen nach Gerät', byBrowser: 'Aktive Sitzungen nach Browser', byReason: 'Gründe für das Ende',
    duration: 'Sitzungsdauer', figure: 'Kennzahl', time: 'Zeit',
    median: 'Median', average: 'Durchschnitt', percentile: rank => `${rank}. Perzentil`,
    byUser: 'Anmeldungen nach Benutzer', mostByUser: 'Die meisten Anmeldungen nach Benutzer',
    noActive: 'Keine aktiven Sitzungen.', noEnded: 'Keine beendeten Sitzungen.', noLogins: 'Keine Anmeldungen.',
    noFailed: 'Keine Fehlversuche.',
    failedByAccount: 'Fehlversuche nach Konto', mostFailedByAccount: 'Die meisten Fehlversuche nach Konto',
    failedByAddress: 'Fehlversuche nach Adresse', mostFailedByAddress: 'Die meisten Fehlversuche nach Adresse',
    failedByCountry: 'Fehlversuche nach Land', failedByCountryOfThese: 'Fehlversuche nach Land, für diese Adressen',
  },
  activity: {
    title: 'Aktivität', what: 'die Aktivität', newest: 'Neueste zuerst', older: 'Ältere anzeigen', empty: 'Keine Aktivität.',
    user: 'Benutzer', userHint: 'E-Mail, ihr Anfang oder die Benutzer-ID.', countryHint: 'Zwei Buchstaben, etwa DE.',
    login: 'Anmeldung', loginHint: 'Setzt die Art zurück.',
    ofAddress: 'Aktivität dieser Adresse',
    all: 'Keine älteren Einträge.',
    readTo: time => `Durchsucht bis ${time}.`,
    news: value => `${count(value, 'neuer Eintrag', 'neue Einträge')}.`,
    after: duration => `nach ${duration}`,
  },
  users: {
    title: 'Benutzer', what: 'die Konten', accounts: 'Konten', all: 'Alle Benutzer', find: 'Benutzer suchen', submit: 'Suchen',
    input: 'E-Mail oder Benutzer-ID', inputHint: 'Der Anfang der E-Mail genügt. Leer lassen, um alle Konten zu sehen.',
    empty: 'Kein Konto mit dieser E-Mail.',
  },
  user: {
    one: 'Benutzer',
    titleOf: name => `${name} - Benutzer`,
    nobody: text => `Keine E-Mail beginnt mit „${text}“.`,
    several: text => `Mehrere E-Mails beginnen mit „${text}“: Wählen Sie eine, oder geben Sie mehr Zeichen ein.`,
  },
  account: {
    title: 'Konto', what: 'das Konto', verified: 'Bestätigt', id: 'ID', roles: 'Rollen', state: 'Status', created: 'Erstellt',
    active: 'aktiv', disabled: 'gesperrt',
    closing: time => `wird geschlossen, Löschung nach ${time}`,
    disabledClosing: time => `gesperrt und wird geschlossen, Löschung nach ${time}; der Benutzer kann es nicht wiederherstellen`,
    disable: {
      text: 'Sperren', done: 'Das Konto ist gesperrt.',
      question: ({ email }) => `${email} kann sich nicht anmelden, bis ein Administrator das Konto freigibt.`,
    },
    enable: {
      text: 'Freigeben', done: 'Das Konto ist freigegeben.',
      question: ({ email, closesAt }) =>
        `${closesAt === undefined ? '' : 'Das Konto wird nicht gelöscht. '}${email} kann sich wieder anmelden. `
        + 'Auch ein Eindringling, der das Passwort kennt, kann das; dann kann er auch die Passkeys bestätigen. '
        + 'Soll er draußen bleiben, erzwingen Sie stattdessen unter „Dieses Konto sichern“ ein neues Passwort: Auch das gibt das Konto frei.',
    },
    restore: {
      text: 'Konto wiederherstellen', done: 'Das Konto ist wiederhergestellt.',
      question: ({ email }) => `Das Konto von ${email} wird nicht gelöscht, und sein Benutzer kann sich wieder anmelden.`,
    },
    reset: {
      text: 'Link für neues Passwort senden', done: 'Der Link ist unterwegs.',
      question: ({ email }) =>
        `${email} bekommt einen Link für ein neues Passwort, der eine Stunde gilt. Bis er benutzt wird, ändert sich nichts; `
        + `dann enden alle Sitzungen und ${removedByReset}.`,
    },
    verify: {
      text: 'E-Mail als bestätigt markieren', done: 'Die E-Mail ist bestätigt.',
      question: ({ email, disabled }) =>
        `${email} gilt als bestätigt, als wäre der Link einer Mail benutzt worden. Es wird keine Mail gesendet.`
        + (disabled ? ' Das Konto bleibt gesperrt.' : ''),
    },
    delete: {
      text: 'Konto löschen', done: 'Das Konto ist geschlossen.',
      question: ({ email, disabled }) => `Das Konto von ${email} wird geschlossen. Daten und Protokoll werden nach der Frist gelöscht. `
        + (disabled
          ? 'Bis dahin kann es nur ein Administrator wiederherstellen.'
          : 'Bis dahin kann der Benutzer es durch eine Anmeldung wiederherstellen.'),
    },
    own: 'Das ist Ihr Konto: Nur ein anderer Administrator kann es sichern oder sperren oder ihm die Rolle admin nehmen.',
    ofAdministrator: 'Ein Konto mit der Rolle admin kann nicht gelöscht werden: Zuerst muss ihm die Rolle genommen werden.',
  },
  secure: {
    text: 'Dieses Konto sichern', title: email => `Das Konto von ${email} sichern`,
    disableHint: ({ disabled, closesAt }) =>
      `Konto sperren${disabled ? ' (es ist schon gesperrt)' : ''}: Niemand kann sich anmelden, bis ein Administrator hier `
      + 'ein neues Passwort erzwingt oder das Konto freigibt. Passkeys warten auf die Prüfung durch den Benutzer, '
      + 'außer wenn nichts anderes das Konto öffnen könnte.'
      + (closesAt === undefined ? '' : ' Gelöscht wird es trotzdem zur vorgesehenen Zeit; der Benutzer kann es nicht wiederherstellen.'),
    passwordHint: ({ email, disabled, closesAt }) =>
      'Neues Passwort erzwingen: Das bisherige gilt nicht mehr, Passkeys warten auf die Prüfung durch den Benutzer, '
      + `und ${email} bekommt einen Link für ein neues, der eine Stunde gilt. Wird er benutzt, ${removedByReset}. `
      + (disabled || closesAt !== undefined ? `Das Konto wird freigegeben${closesAt === undefined ? '' : ' und nicht gelöscht'}. ` : '')
      + 'Nur wählen, wenn das Postfach sicher ist.',
    disable: 'Konto sperren', password: 'Neues Passwort erzwingen',
    disabled: sessions => `Das Konto ist gesichert: Es ist gesperrt, und ${count(sessions, 'Sitzung wurde', 'Sitzungen wurden')} beendet.`,
    passwordSent: sessions =>
      `Das Konto ist gesichert: Es braucht ein neues Passwort, und ${count(sessions, 'Sitzung wurde', 'Sitzungen wurden')} beendet.`,
  },
  roles: {
    text: 'Rollen ändern', set: 'Rollen setzen', done: 'Die Rollen sind gesetzt.',
    hint: 'Durch Leerzeichen getrennt. In diesem Dienst gelten sie binnen Sekunden, in anderen ab der nächsten Erneuerung jeder Sitzung.',
    own: 'Ihre eigene Rolle admin können Sie nicht entfernen.',
    title: email => `Rollen von ${email}`,
  },
  session: {
    one: 'Sitzung', many: 'Sitzungen', what: 'die Sitzungen', title: 'Sitzungen', active: 'Aktive Sitzungen',
    empty: 'Dieser Benutzer hat keine Sitzung.',
    started: 'Begonnen', lastSeen: 'Zuletzt aktiv', expires: 'Läuft ab', online: 'jetzt online', thisOne: 'diese Sitzung',
    history: 'Verlauf', end: 'Beenden', endAll: 'Alle Sitzungen beenden',
    since: time => `seit ${time}`,
    historyOf: session => `Verlauf von ${session}`,
    historyAt: time => `Verlauf der Sitzung vom ${time}`,
    endOf: session => `Beenden: ${session}`,
    endQuestion: 'Diese Sitzung beenden?',
    endAllQuestion: name => `Alle Sitzungen von ${name} beenden?`,
    allEnd: 'Diese Sitzungen werden beendet, hier binnen Sekunden, spätestens nach einer Minute; andere Dienste nehmen ein Token vielleicht an, '
      + 'bis es abläuft:',
    noneEnds: 'Es gibt keine aktive Sitzung.',
    endHint: 'Wer das Passwort kennt, kann sich erneut anmelden.',
    ended: session => `Beendet: ${session}.`,
    allEnded: 'Alle Sitzungen sind beendet.',
  },
  timeline: {
    title: 'Protokoll', what: 'das Protokoll', caption: 'Protokoll, neueste zuerst', by: 'Administrator', ofAccount: 'Konto',
    empty: 'Keine Einträge.', emptyPage: 'Bisher keine passenden Einträge. „Mehr anzeigen“ sucht weiter zurück.',
  },
  history: {
    title: 'Verlauf einer Sitzung', what: 'der Verlauf', caption: 'Verlauf, neueste zuerst', entry: 'Eintrag',
    titleOf: name => `Verlauf einer Sitzung - ${name}`,
  },
  record: {
    summary: of => of.altered + of.intact + of.unchecked === 0
      ? 'Das Protokoll enthält keine Sitzung, deren Aufzeichnung sich prüfen ließe.'
      : `Aufzeichnungen von Sitzungen: ${[
        ...of.altered === 0 ? [] : [`${number(of.altered)} verändert`], `${number(of.intact)} unverändert`,
        ...of.unchecked === 0 ? [] : [`${number(of.unchecked)} nicht prüfbar`],
      ].join(', ')}.`,
    incomplete: 'Geprüft werden nur die neuesten Sitzungen: höchstens 100, in den neuesten 5.000 Einträgen des Protokolls. '
      + 'Der Verlauf einer anderen Sitzung prüft deren Aufzeichnung.',
    unread: 'hier nicht geprüft',
    intactNote: 'Aufzeichnung unverändert', uncheckedNote: kind => `Aufzeichnung nicht prüfbar: ${kind}`,
    intact: entries => `Die Aufzeichnung ist unverändert: alle Einträge (${number(entries)}).`,
    altered: (kind, sequence) => `Die Aufzeichnung wurde verändert: ${kind}${sequence === null ? '' : ` bei Eintrag ${number(sequence)}`}.`,
    unchecked: {
      not_chained: 'Die Aufzeichnung lässt sich nicht prüfen: Sie hat keine Prüfkette. '
        + 'Bei Sitzungen, die älter sind als die Kette, ist das zu erwarten; andernfalls ist von einer Manipulation auszugehen.',
      key_unknown: 'Die Aufzeichnung lässt sich nicht prüfen: Dem Dienst fehlt der Schlüssel dieser Aufzeichnung. '
        + 'Nach einem Austausch der Schlüssel ist das zu erwarten; andernfalls ist von einer Manipulation auszugehen.',
    },
  },
  passkeys: {
    title: 'Passkeys', one: 'Passkey', what: 'die Passkeys', name: 'Name', provider: 'Anbieter', lastUsed: 'Zuletzt verwendet',
    empty: 'Dieser Benutzer hat keinen Passkey.',
    forReview: 'zu überprüfen', usable: 'verwendbar', remove: 'Entfernen',
    removeOf: (name, time) => `Entfernen: ${name} vom ${time}`,
    question: name => `Den Passkey ${name} entfernen?`,
    hint: (user, time) => `${user} kann sich damit nicht mehr anmelden. Er wurde am ${time} hinzugefügt.`,
    removed: name => `Der Passkey ${name} ist entfernt.`,
  },
  flags: {
    title: 'Markierte Adressen', what: 'die markierten Adressen', tooMany: 'Zu viele Anmeldungen', empty: 'Keine Adresse ist markiert.',
    hint:
      'Die auffälligsten zuerst. Eine Adresse führt zu ihrer Aktivität. Eine Markierung verschwindet, wenn sie abläuft; '
      + '„Zur Kenntnis nehmen“ hält fest, dass Sie sie gesehen haben.',
    first: 'Zuerst', last: 'Zuletzt', seen: 'Zur Kenntnis genommen', acknowledge: 'Zur Kenntnis nehmen', undo: 'Rückgängig',
    why: of => attempts(of, `bei ${count(of.distinctAccounts, 'Konto', 'Konten')}`),
    acknowledgeOf: address => `Zur Kenntnis nehmen: ${address}`,
    undoOf: address => `Rückgängig: ${address}`,
    acknowledged: address => `${address} ist zur Kenntnis genommen.`,
    undone: address => `${address} ist nicht mehr zur Kenntnis genommen.`,
  },
  events: {
    title: 'Sicherheitsereignisse', what: 'die Ereignisse', many: 'Ereignisse', caption: 'Sicherheitsereignisse, neueste zuerst',
    empty: 'Keine solchen Ereignisse.',
    webhook: 'Webhook', deadLetter: 'Vom Webhook nicht angenommen',
    whyAddresses: of => attempts(of, `von ${count(of.distinctAddresses, 'Adresse', 'Adressen')}`),
  },
  health: {
    title: 'Zustand', what: 'der Zustand', now: 'Kennzahlen', caption: 'Zustand des Dienstes', figure: 'Kennzahl', value: 'Jetzt',
    meaning: 'Bedeutung', help: 'Bei einem Problem',
    good: 'Alle Kennzahlen sind in Ordnung.', bad: names => `Zu prüfen: ${names}.`,
    timer: name => `Timer ${name}`,
    timerMeaning: (what, schedule, pause) =>
      `${what} Zeitplan (NCRONTAB, UTC): ${schedule}, höchstens ${pause} zwischen zwei Läufen.`,
    disabled: 'deaktiviert', notYet: 'noch kein Lauf', neverRan: 'kein erfolgreicher Lauf bekannt',
    noRunSince: time => `kein erfolgreicher Lauf seit ${time}`,
    onTime: 'pünktlich', late: duration => `${duration} im Rückstand`, lastRun: time => `letzter erfolgreicher Lauf: ${time}`,
    notReady: message => `Der Dienst ist nicht bereit, daher gibt es keine Kennzahlen. health/ready meldet: „${message}“ `
      + 'Was zu tun ist, steht in docs/operations.md: bei Schlüsseln unter Ereignis 1004, beim Speicher unter 1001.',
    alerts: 'Fehlgeschlagene Anfragen, Drosselung des Speichers sowie Arbeitsspeicher und Last von Redis sind hier nicht messbar. '
      + 'Azure Monitor überwacht sie mit den Alarmen failed-requests, storage-throttling, cosmos-throttling, redis-memory und redis-load '
      + '(docs/operations.md, Alerts).',
    key: kind => `Schlüssel: ${kind}`, next: time => `nächster Wechsel ${time}`, oldest: duration => `die älteste seit ${duration}`,
    newest: time => `die neueste vom ${time}`,
    atLeast: value => `mindestens ${number(value)}`,
    figures: {
      storage: {
        name: 'Speicher', meaning: 'Wie lange ein Lesezugriff dauert.',
        help: 'Prüfen, ob das Speicherkonto drosselt; auch Anmeldungen sind langsam.',
      },
      timer: {
        idle: 'Er läuft nicht, oder jeder Lauf schlägt fehl: Log, Speicher des Hosts und Zeitplan prüfen.',
        disabled: name => `Die Einstellung AzureWebJobs.${name}.Disabled hält ihn an: die Einstellung entfernen.`,
        behind: 'Er läuft, wird aber nicht fertig. Er holt von selbst auf; wenn nicht, muss er öfter laufen.',
      },
      keys: {
        name: 'Schlüsselring', meaning: 'Aktuell, wenn das letzte Lesen der Schlüssel gelang.',
        help: 'Zugriff auf den Key Vault prüfen; die gelesenen Schlüssel bleiben in Gebrauch.',
      },
      key: { meaning: 'Der Schlüssel, der jetzt signiert. Er wird automatisch gewechselt.', help: 'Den Timer RotateSigningKeys prüfen.' },
      outbox: {
        name: 'Postausgang', meaning: 'Mails, Webhook- und Push-Nachrichten, die auf den Versand warten.',
        help: 'Mailserver und Empfänger des Webhooks prüfen. Was nicht rechtzeitig angenommen wird, wird aufgegeben: '
          + 'Mails, wenn sie ablaufen; Mails und Push-Nachrichten nach 10 Versuchen; Webhook-Nachrichten nach '
          + 'SecurityWebhook__MaximumAttempts Versuchen.',
      },
      deadLetters: {
        name: 'Aufgegebene Nachrichten', meaning: 'Sicherheitsereignisse, die der Webhook nicht annahm.',
        help: 'Sie werden nicht erneut gesendet: den Empfänger reparieren. Der Alarm dauert 14 Tage ab dem Ereignis.', list: 'Anzeigen',
      },
      clientAddresses: {
        name: 'Client-Adressen', meaning: 'Ob Anfragen über so viele Proxys kamen wie eingestellt.',
        known: 'bekannt', unknown: 'teils unbekannt',
        help: 'Network__TrustedProxyHops oder den Weg der Anfragen korrigieren. '
          + 'Bis dahin werden solche Aufrufer weder begrenzt noch markiert.',
      },
      redis: {
        name: 'Redis', meaning: 'Was sich Instanzen teilen. Ohne Redis funktioniert alles, nur langsamer.',
        help: 'Den Cache prüfen; beendete Sitzungen können noch einige Sekunden lang gelten.',
      },
      locations: {
        name: 'Ortsdatenbank', meaning: 'Der Tag, an dem sie erstellt wurde.',
        help: 'Eine neue Datenbank bereitstellen: Orte fehlen oder sind veraltet.',
      },
      unreadableRows: {
        name: 'Unlesbare Zeilen', meaning: 'Zeilen, die diese Instanz seit ihrem Start nicht lesen konnte. Sie werden übergangen.',
        help: 'Das Log nennt jede Zeile; reparieren oder löschen.',
      },
      passwordHashes: {
        name: 'Passwort-Hashes', meaning: 'Wie neue Passwörter gehasht werden.',
        help: 'libsodium lässt sich nicht laden: das Paket für dieses System bereitstellen.',
      },
    },
  },
  timers: {
    PurgeExpiredSessions: 'Beendet abgelaufene Sitzungen.', FlagSuspiciousIps: 'Markiert Adressen.',
    RaiseSecurityAlerts: 'Meldet Sicherheitsereignisse und löscht geschlossene Konten.',
    SendOutbox: 'Sendet Mails, Webhook- und Push-Nachrichten.', RollUpStatistics: 'Aktualisiert die Statistik.',
    PurgeOldLogs: 'Entfernt, was älter als die Aufbewahrungsfrist ist.',
    RotateSigningKeys: 'Wechselt die Signaturschlüssel.',
  },
  proofs: {
    pwd: 'Passwort', hwk: 'gerätegebundener Passkey', swk: 'synchronisierter Passkey', user: 'Benutzer anwesend',
    mfa: 'mit PIN oder Biometrie entsperrt',
  },
  names: {
    login: 'Anmeldung', failed_login: 'Fehlversuch', session_ended: 'Sitzung beendet', failed: 'Fehlgeschlagen',
    logout: 'Abmeldung', logout_all: 'Überall abgemeldet', session_revoked: 'Sitzung beendet', token_refresh: 'Erneuerung',
    session_regenerated: 'Sitzung erneuert', stepped_up: 'Identität bestätigt', session_expired: 'Sitzung abgelaufen',
    token_reuse: 'Token wiederverwendet', account_locked: 'Konto vorübergehend gesperrt', account_created: 'Konto erstellt',
    account_disabled: 'Konto gesperrt', account_enabled: 'Konto freigegeben', account_secured: 'Konto gesichert',
    password_changed: 'Passwort geändert', password_reset: 'Passwort neu gesetzt', password_reset_sent: 'Link für neues Passwort gesendet',
    roles_changed: 'Rollen geändert', email_verified: 'E-Mail bestätigt', email_changed: 'E-Mail geändert',
    email_taken_back: 'Änderung der E-Mail rückgängig gemacht', account_closing: 'Konto wird geschlossen',
    account_restored: 'Konto wiederhergestellt', account_closed: 'Konto geschlossen', account_erased: 'Konto gelöscht',
    passkey_added: 'Passkey hinzugefügt', passkey_removed: 'Passkey entfernt', passkey_cloned: 'Passkey kopiert',
    passkey_reviewed: 'Passkey überprüft',
    revoked: 'Von einem anderen Gerät beendet', evicted: 'Durch eine neuere Sitzung ersetzt', admin: 'Von einem Administrator beendet',
    expired_idle: 'Abgelaufen: nicht benutzt', expired_absolute: 'Abgelaufen: Höchstalter', inactive: 'Benutzer inaktiv',
    location_changed: 'Ort gewechselt', location_refused: 'Ort abgelehnt', unknown: 'Unbekannt',
    invalid_credentials: 'Falsches Passwort', email_not_verified: 'E-Mail nicht bestätigt', captcha_required: 'Captcha erforderlich',
    passkey_unknown: 'Unbekannter Passkey', passkey_invalid: 'Passkey nicht akzeptiert', passkey_for_review: 'Passkey noch nicht überprüft',
    address_flagged: 'Adresse markiert', new_device: 'Neues Gerät', new_country: 'Neues Land', impossible_travel: 'Unmögliche Reise',
    country_changed: 'Land gewechselt', login_burst: 'Viele Anmeldungen', failed_login_burst: 'Viele Fehlversuche',
    mail_limit_reached: 'Mail-Grenze erreicht', mail_undeliverable: 'Mail unzustellbar',
    pending: 'Wartet', delivered: 'Zugestellt', dead_letter: 'Aufgegeben',
    entry_missing: 'Eintrag fehlt', entry_changed: 'Eintrag geändert', entry_added: 'Eintrag hinzugefügt', end_missing: 'Ende fehlt',
    session_changed: 'Sitzung geändert', cut_changed: 'Prüfpunkt geändert', not_chained: 'Nicht verkettet',
    key_unknown: 'Schlüssel unbekannt',
    file_missing: 'Datei fehlt', file_unreadable: 'Datei nicht lesbar', argon2id: 'Argon2id', pbkdf2: 'PBKDF2',
    current: 'Aktuell', stale: 'Veraltet', connected: 'Verbunden', partial: 'Teilweise', unavailable: 'Nicht erreichbar',
    signing: 'Signatur', mac: 'MAC', audit: 'Protokoll',
  },
};
