package api

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// portOwner finds who listens on a TCP port: the socket's inode in
// /proc/net/tcp, then the process that has it open. Another account's open
// files are closed to us; then the account is all there is to say.
func portOwner(port int) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		inode, uid, ok := listeningSocket(table, port)
		if !ok {
			continue
		}
		if owner := processWith("socket:[" + inode + "]"); owner != "" {
			return owner
		}
		return "a program of user " + uid
	}
	return ""
}

// listeningSocket reads a table of proc_net_tcp(5): local address and port in
// hex in column 1, state in column 3 (0A is LISTEN), uid in 7, inode in 9.
func listeningSocket(table string, port int) (inode, uid string, ok bool) {
	f, err := os.Open(table)
	if err != nil {
		return "", "", false
	}
	defer f.Close()
	suffix := fmt.Sprintf(":%04X", port)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		columns := strings.Fields(lines.Text())
		if len(columns) > 9 && columns[3] == "0A" && strings.HasSuffix(columns[1], suffix) {
			return columns[9], columns[7], true
		}
	}
	return "", "", false
}

// processWith names the process that has link among its open files.
func processWith(link string) string {
	fds, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, fd := range fds {
		if target, err := os.Readlink(fd); err != nil || target != link {
			continue
		}
		pid := strings.Split(fd, "/")[2]
		name, err := os.ReadFile("/proc/" + pid + "/comm")
		if err != nil {
			return "process " + pid
		}
		return fmt.Sprintf("%s (process %s)", strconv.Quote(strings.TrimSpace(string(name))), pid)
	}
	return ""
}
