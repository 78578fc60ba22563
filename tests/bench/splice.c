/* The floor: bytes from one socket to another, in C and epoll. splice PORT MODEL_PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, PIECE = 65536 };
static int other[MOST]; /* the socket at the far end of this one; 0: none */

static struct sockaddr_in here(int port) {
    struct sockaddr_in at;
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((unsigned short)port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static void watch(int queue, int fd) {
    int on = 1;
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_ctl(queue, EPOLL_CTL_ADD, fd, &wanted);
}

static int write_all(int fd, const char *data, ssize_t size) {
    while (size > 0) { /* the far end reads: a full buffer empties at once */
        ssize_t done = write(fd, data, (size_t)size);
        if (done < 0 && errno != EINTR && errno != EAGAIN) return -1;
        if (done > 0) data += done, size -= done;
    }
    return 0;
}

static void end(int fd) {
    int far = other[fd];
    other[fd] = 0;
    close(fd);
    if (far && other[far]) end(far);
}

int main(int argc, char **argv) {
    static char piece[PIECE];
    int on = 1, queue = epoll_create1(0), door = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 3) return 2;
    struct sockaddr_in near = here(atoi(argv[1])), far = here(atoi(argv[2]));
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&near, sizeof near) || listen(door, 1024)) return 1;
    watch(queue, door);
    fputs("ready\n", stderr);
    for (;;) {
        struct epoll_event come[256];
        int count = epoll_wait(queue, come, 256, -1);
        for (int i = 0; i < count; i++) {
            int fd = come[i].data.fd;
            if (fd == door) {
                int caller = accept(door, NULL, NULL), model = socket(AF_INET, SOCK_STREAM, 0);
                if (caller < 0 || caller >= MOST || model >= MOST) return 1;
                if (connect(model, (struct sockaddr *)&far, sizeof far)) return 1;
                other[caller] = model, other[model] = caller;
                watch(queue, caller), watch(queue, model);
            } else if (other[fd]) {
                ssize_t size = read(fd, piece, PIECE);
                if (size <= 0 || write_all(other[fd], piece, size)) end(fd);
            }
        }
    }
}
