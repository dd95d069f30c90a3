package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds what is parsed of a person or plan, in bytes.
const maxFile = 64 << 10

// decodeYAML fills into from exactly one YAML document. Unknown and repeated
// keys, a second document and more than [maxFile] bytes are errors.
func decodeYAML[T any](content []byte, into *T) error {
	if len(content) > maxFile {
		return fmt.Errorf("%d bytes, at most %d are read", len(content), maxFile)
	}
	dec := yaml.NewDecoder(bytes.NewReader(content))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("nothing in it")
		}
		return err
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return errors.New("more than one document")
	}
	return nil
}
