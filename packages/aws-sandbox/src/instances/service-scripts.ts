/**
 * The little service that every machine runs once somebody is there: it writes a log that grows, does badly until somebody restarts it,
 * and is looked after by `svc`. Shell scripts, so that whoever is curious can read them in the machine's home. Pure.
 */

/** Lines in the log; then it begins anew, and one older file is kept. */
export const LOG_LINES_MAX = 2_000;
/** How often the first process looks whether the service runs. */
const LOOK_EVERY_SECONDS = 1;

/** Below the home. `pid`, `since`, `stopped` and `ailing` are its state, `clock` a pipe that nobody writes to: waiting without a process. */
export const SERVICE_FOLDER = ".svc";

/** The machine's first process: starts the service again whenever it is gone and nobody stopped it. Ends with its input. */
export const firstProcess = (asUser: readonly string[]): string => `
cd "$HOME/${SERVICE_FOLDER}" || exit 1
[ -p clock ] || mkfifo -m 600 clock
rm -f pid
while :; do
  if [ ! -e stopped ] && ! { read -r pid < pid && kill -0 "$pid"; } 2>/dev/null; then
    ${asUser.join(" ")} /bin/bash "$HOME/${SERVICE_FOLDER}/service" </dev/null >/dev/null 2>&1 &
    printf '%(%s)T\\n' -1 > since
    printf '%s\\n' "$!" > pid
  fi
  read -r -t ${LOOK_EVERY_SECONDS} _ || (( $? > 128 )) || break
done
read -r pid < pid && kill "$pid" 2>/dev/null
exit 0
`;

export const serviceScript = (service: string): string => `# The service "${service}" of this machine: see "svc status".
log=$HOME/logs/${service}.log
exec 3<> "$HOME/${SERVICE_FOLDER}/clock"
say() {
  printf '%(%Y-%m-%dT%H:%M:%S)TZ %-5s ${service} %s\\n' -1 "$1" "$2" >> "$log"
  if (( ++lines > ${LOG_LINES_MAX} )); then mv "$log" "$log.1"; lines=0; fi
}
export TZ=UTC
lines=0
say INFO "started, pid $$"
for (( turn = 0; ; turn++ )); do
  read -r -t $(( 1 + RANDOM % 3 )) -u 3 _
  took=$(( 3 + RANDOM % 90 ))
  if [ -e "$HOME/${SERVICE_FOLDER}/ailing" ] && (( turn % 3 == 0 )); then
    say ERROR "POST /v1/orders 503: connection pool 40/40, waited \${took}0 ms"
  else
    case $(( RANDOM % 5 )) in
      0) say INFO "POST /v1/orders 201 ($took ms)" ;;
      1) say INFO "GET /v1/orders/$(( 8000 + RANDOM % 900 )) 200 ($took ms)" ;;
      2) say INFO "cache refreshed, $(( 380 + RANDOM % 60 )) entries" ;;
      *) say INFO "GET /health 200 ($took ms)" ;;
    esac
  fi
done
`;

export const svcScript = (service: string): string => `#!/bin/bash
# Looks after the service of this machine: svc status | start | stop | restart | logs
cd "$HOME/${SERVICE_FOLDER}" || exit 1
read -r pid < pid 2>/dev/null
running() { [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; }
# On a terminal the time is grey, the level has its colour, and so has the status of a request.
painted() {
  [ -t 1 ] || { cat; return; }
  local e=$'\\e'
  sed -u -E -e "s/^( *)([0-9][^ ]*Z) /\\1$e[90m\\2$e[39m /" -e "s/ (INFO ) / $e[34m\\1$e[39m /" \\
    -e "s/ (ERROR) (.*)/ $e[1;31m\\1$e[22m \\2$e[39m/" -e "s/ (20[01]) / $e[32m\\1$e[39m /"
}
case \${1:-status} in
  status)
    if running; then
      read -r since < since
      printf '%s: running since %(%Y-%m-%d %H:%M:%S)T (%d s), pid %s\\n' '${service}' "$since" $(( EPOCHSECONDS - since )) "$pid"
      if [ -e ailing ]; then echo "  connection pool 40/40: requests fail; a restart would empty it"; fi
    elif [ -e stopped ]; then echo '${service}: stopped'
    else echo '${service}: starting'; fi
    tail -n 3 "$HOME/logs/${service}.log" | sed 's/^/  /' | painted ;;
  stop) : > stopped; running && kill "$pid"; echo '${service}: stopped' ;;
  start) rm -f stopped; running && echo '${service}: runs already' || echo '${service}: starting' ;;
  restart) rm -f stopped ailing; running && kill "$pid"; echo '${service}: restarting' ;;
  logs) tail -n 20 -f "$HOME/logs/${service}.log" | painted ;;
  *) echo "svc: status, start, stop, restart or logs, not \\"$1\\"" >&2; exit 2 ;;
esac
`;
