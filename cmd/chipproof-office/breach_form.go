package main

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachFormCmd struct {
	Kind string `arg:"" help:"What kind of event: ${event_kinds}."`
	Area string `help:"For a checklist: ${enum}." enum:"organisational,technical,physical" default:"organisational"`
}

// Help is the long text of `breach form --help`.
func (breachFormCmd) Help() string {
	return `Prints every member that an event of this kind can have, with nothing filled in. Members that stay empty may be left out. A list holds one example.`
}

// Validate is called by kong once all values are settled.
func (c *breachFormCmd) Validate() error { return knownKind(c.Kind) }

// Run implements [program.Command].
func (c *breachFormCmd) Run(_ context.Context, p *program.Program) error {
	text, err := c.form()
	if err != nil {
		return err
	}
	_, err = p.Out.Write(append(text, '\n'))
	return err
}

func (c *breachFormCmd) form() (jsontext.Value, error) {
	var form jsontext.Value
	if breach.Kind(c.Kind) == breach.KindChecklist {
		list := breach.Checklist{Area: breach.Area(c.Area)}
		for _, item := range list.Area.Items() {
			list.Items = append(list.Items, breach.Measure{Item: item, InPlace: breach.InPlaceUnknown})
		}
		if list.Area == breach.Technical {
			list.Unintelligible, list.KeyLost = breach.NotKnown, breach.NotKnown
		}
		text, err := json.Marshal(list)
		if err != nil {
			return nil, fmt.Errorf("print form: %w", err)
		}
		form = text
	} else {
		body, err := breach.ParseBody(breach.Kind(c.Kind), []byte("{}"))
		if err != nil {
			return nil, fmt.Errorf("print form: %w", err)
		}
		form = blank(reflect.TypeOf(body))
	}
	if err := form.Indent(); err != nil {
		return nil, fmt.Errorf("print form: %w", err)
	}
	return form, nil
}

// blank is an empty value of a type as JSON, members that may be left out included.
func blank(t reflect.Type) jsontext.Value {
	switch {
	case t == reflect.TypeFor[breach.Moment]():
		return jsontext.Value(`"` + present().String() + `"`)
	case t == reflect.TypeFor[breach.Quarters]():
		return jsontext.Value("0")
	}
	switch t.Kind() {
	case reflect.Pointer:
		return blank(t.Elem())
	case reflect.Slice:
		return jsontext.Value("[" + string(blank(t.Elem())) + "]")
	case reflect.String:
		return jsontext.Value(`""`)
	case reflect.Struct:
		var members []string
		for i := range t.NumField() {
			field := t.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			members = append(members, fmt.Sprintf("%q:%s", name, blank(field.Type)))
		}
		return jsontext.Value("{" + strings.Join(members, ",") + "}")
	}
	return jsontext.Value("0")
}
