package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"chipproof/breach/letters"
)

// shell is the DOCX file around each letter; nil is ours.
func (f agencyFlags) shell() (*letters.Shell, error) {
	if f.Shell == "" {
		return nil, nil
	}
	packed, err := os.ReadFile(f.Shell)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", letters.ErrTemplateInvalid, err)
	}
	return letters.ParseShell(packed)
}

func (f agencyFlags) templates() (letters.Templates, error) {
	t, err := letters.Shipped()
	if err != nil || f.Templates == "" {
		return t, err
	}
	// A folder that is away must not have letters go out in other words than agreed.
	if info, err := os.Stat(f.Templates); err != nil || !info.IsDir() {
		return t, fmt.Errorf("%w: no folder %s", letters.ErrTemplateInvalid, f.Templates)
	}
	for _, kind := range letters.Kinds() {
		text, err := os.ReadFile(filepath.Join(f.Templates, string(kind)+".html"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return t, fmt.Errorf("%w: %w", letters.ErrTemplateInvalid, err)
		}
		if t, err = t.With(kind, text); err != nil {
			return t, err
		}
	}
	return t, nil
}
