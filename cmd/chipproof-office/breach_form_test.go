package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestEveryFormIsTakenAsAnEventOfItsKind(t *testing.T) {
	for _, kind := range breach.Kinds() {
		for _, area := range breach.Areas() {
			c := breachFormCmd{Kind: string(kind), Area: string(area)}
			form, err := c.form()
			require.NoError(t, err, "%s", kind)
			body, err := breach.ParseBody(kind, form)
			require.NoError(t, err, "%s: %s", kind, form)
			assert.Equal(t, kind, body.Kind())
		}
	}
}
