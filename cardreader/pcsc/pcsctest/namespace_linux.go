package pcsctest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

// inside names the test that the process was started for; it is unset outside.
const inside = "CHIPPROOF_PCSCTEST"

// startInside starts this test binary in namespaces of its own for one test.
// The process and all that it starts end when lifeline is closed, so also when
// this process dies.
func startInside(ctx context.Context, test string, args []string, out io.Writer) (cmd *exec.Cmd, lifeline io.Closer, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("find this test binary: %w", err)
	}
	// Root needs no user namespace, and some machines allow none; a container's
	// root may need one all the same.
	tries := []bool{true}
	if os.Geteuid() == 0 {
		tries = []bool{false, true}
	}
	for _, user := range tries {
		cmd = exec.CommandContext(ctx, self, args...)
		cmd.Env = append(os.Environ(), inside+"="+test)
		cmd.Stdout, cmd.Stderr = out, out
		cmd.SysProcAttr = namespaces(user)
		if lifeline, err = cmd.StdinPipe(); err != nil {
			return nil, nil, fmt.Errorf("make a pipe: %w", err)
		}
		if err = cmd.Start(); err == nil {
			return cmd, lifeline, nil
		}
		if !errors.Is(err, syscall.EPERM) {
			break
		}
	}
	return nil, nil, fmt.Errorf("enter a namespace (needs root, or user namespaces allowed: "+
		"sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0): %w", err)
}

// namespaces are those of mounts, network and processes, as unshare -m -n -p
// has them, and with user also -r.
func namespaces(user bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	if user {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	return attr
}

// furnish gives the namespace that this process was started in an empty /run
// and a loopback interface.
func furnish() error {
	if os.Getpid() != 1 {
		return errors.New("set up the namespace: this process is not in one of its own")
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts to ourselves: %w", err)
	}
	if err := syscall.Mount("tmpfs", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("mount an empty /run: %w", err)
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("bring the loopback interface up: %w", err)
	}
	return nil
}

// loopbackUp does what ip link set lo up does (netdevice(7)), without needing ip.
func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte // the rest of struct ifreq
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		return errno
	}
	return nil
}

// endWithParent ends this process, and as it is the namespace's first all others
// with it, when whoever started it is gone.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}
