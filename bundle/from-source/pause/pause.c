/* Holds the namespaces of a pod: reaps what is left to it and ends when told to. With -v it says its version and ends, which is the Job that
   kubeadm runs before an upgrade. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal) { _exit(0); }

static void reap(int signal) {
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(int count, char **words) {
	if (count == 2 && strcmp(words[1], "-v") == 0) {
		puts("pause " VERSION);
		return 0;
	}
	struct sigaction ending = {.sa_handler = end};
	struct sigaction reaping = {.sa_handler = reap, .sa_flags = SA_NOCLDSTOP};
	if (sigaction(SIGINT, &ending, NULL) || sigaction(SIGTERM, &ending, NULL) || sigaction(SIGCHLD, &reaping, NULL))
		return 1;
	for (;;)
		pause();
}
