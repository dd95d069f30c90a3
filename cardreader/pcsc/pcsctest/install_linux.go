package pcsctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
)

// installation is what is needed of the machine.
type installation struct {
	pcscd  string   // the daemon
	flags  []string // that this version of it needs
	driver string   // libifdvpcd.so
}

// vpcdConfigs are where the package of vpcd says where its driver is: as it
// installs itself, and as .ci/deps puts it aside, so that the machine's own
// pcscd does not load what would listen on every address.
var vpcdConfigs = []string{"/etc/reader.conf.d/vpcd", "/etc/vpcd.reader.conf"}

func findInstallation(ctx context.Context) (installation, error) {
	pcscd, err := findDaemon()
	if err != nil {
		return installation{}, err
	}
	driver, err := findDriver()
	if err != nil {
		return installation{}, err
	}
	in := installation{pcscd: pcscd, flags: []string{"--foreground"}, driver: driver}
	// Since 2.1 polkit decides who may use pcscd, and there is none in the namespace.
	help, err := exec.CommandContext(ctx, pcscd, "--help").CombinedOutput()
	if err != nil {
		return installation{}, fmt.Errorf("ask pcscd for its flags: %w", err)
	}
	if bytes.Contains(help, []byte("--disable-polkit")) {
		in.flags = append(in.flags, "--disable-polkit")
	}
	return in, nil
}

// findDaemon looks where distributions put it too, as sbin is not on everybody's path.
func findDaemon() (string, error) {
	for _, name := range []string{"pcscd", "/usr/sbin/pcscd", "/usr/local/sbin/pcscd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("pcscd is missing; install the package pcscd (apt-get install pcscd)")
}

func findDriver() (string, error) {
	const remedy = "install the package vsmartcard-vpcd (apt-get install vsmartcard-vpcd)"
	for _, path := range vpcdConfigs {
		config, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("find the virtual reader: %w", err)
		}
		for line := range strings.Lines(string(config)) {
			if key, value, _ := strings.Cut(strings.TrimSpace(line), " "); key == "LIBPATH" {
				return strings.Trim(strings.TrimSpace(value), `"`), nil
			}
		}
	}
	return "", fmt.Errorf("the virtual reader is missing; %s", remedy)
}
