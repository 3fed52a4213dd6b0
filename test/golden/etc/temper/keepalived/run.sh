# Runs keepalived, and takes the virtual IP off when it was killed: then it cannot do so itself, and two hosts would have the address.
# When this shell is killed with it, the next start cleans up.
rm -f /run/keepalived.pid /run/vrrp.pid # As stale ones they would keep it from starting.
trap 'kill "$keepalived"' TERM INT
keepalived --dont-fork --log-console --no-syslog --vrrp --use-file /etc/temper/keepalived/keepalived.conf &
keepalived=$!
wait "$keepalived" # Ends at a signal too,
wait "$keepalived" # so only now it has surely stopped.
ip address del 10.0.0.100/32 dev eth0 2>/dev/null
exit 1
