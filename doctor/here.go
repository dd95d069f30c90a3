package doctor

import (
	"net"
	"os"
	"os/user"
	"runtime"
	"time"
)

// Here is the machine this program runs on, its readers asked through readers.
// built is when the program was built, zero when that isn't known.
func Here(readers Lister, built time.Time) Machine {
	m := Machine{
		Readers:    readers,
		System:     runtime.GOOS,
		Account:    account(),
		Clock:      time.Now,
		Built:      built,
		Sync:       kernelSync,
		LoopbackV6: loopbackV6,
		DropIn:     dropIn,
		Env:        os.Getenv,
	}
	if runtime.GOOS == "linux" {
		m.Files = os.DirFS("/")
		m.Sysfs = os.DirFS("/sys/bus/usb/devices")
	}
	return m
}

// account is the name of the account we run as, or its number where it has none.
func account() string {
	u, err := user.Current()
	if err != nil {
		return "chipproof"
	}
	return u.Username
}

// loopbackV6 tries it, on a port that the system picks.
func loopbackV6() error {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return err
	}
	return l.Close()
}
