package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/alecthomas/kong"
)

// configPaths are the places where a configuration file is looked for when none
// is named: this account's own, then the machine's.
func (k Kind) configPaths() []string {
	var paths []string
	if dir, err := os.UserConfigDir(); err == nil {
		paths = append(paths, filepath.Join(dir, k.Name, k.Name+".yaml"))
	}
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("ProgramData"); dir != "" {
			paths = append(paths, filepath.Join(dir, k.Name, k.Name+".yaml"))
		}
	case "darwin":
		paths = append(paths, "/Library/Application Support/"+k.Name+"/"+k.Name+".yaml")
	default:
		paths = append(paths, "/etc/"+k.Name+"/"+k.Name+".yaml")
	}
	return paths
}

// config is a configuration file: values by the path of the command they stand
// under and the flag's name ("driver", "serve.driver", "sim.card.readers").
type config struct {
	path   string
	values map[string]setting
}

var _ kong.Resolver = (*config)(nil)

// loadConfig reads the named file, or the first of places that exists; no file
// at all is an empty configuration. All that is wrong in the file is told at once.
func loadConfig(named string, places []string, app *kong.Application) (*config, error) {
	c := &config{values: map[string]setting{}}
	var content []byte
	if named != "" {
		places = []string{named}
	}
	for _, path := range places {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && named == "" {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read configuration: %w", err)
		}
		c.path, content = path, data
		break
	}
	root, err := parseYAML(content)
	if err != nil {
		return nil, fmt.Errorf("read configuration %s: %w", c.path, err)
	}
	if root == nil {
		return c, nil
	}
	return c, errors.Join(c.section(root, app.Node, "")...)
}

// Validate has nothing left to do: the file was checked as it was read.
func (c *config) Validate(*kong.Application) error { return nil }

// Resolve answers for a flag that is not on the command line. kong would let it
// beat the environment, so it answers nothing when a variable is set: that keeps
// flag > environment > file.
func (c *config) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	for node := parent.Node(); node != nil; node = node.Parent {
		if value, ok := c.values[prefixOf(node)+flag.Name]; ok {
			return value.forKong(), nil
		}
	}
	return nil, nil
}

// prefixOf is the command's path as it stands in config.values: "sim.card.".
func prefixOf(node *kong.Node) string {
	if node.Parent == nil {
		return ""
	}
	return prefixOf(node.Parent) + node.Name + "."
}
