package thaiid

import (
	"reflect"
	"strings"
	"testing"

	stdjson "encoding/json"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The API's OpenAPI file is generated from the Go types, so the types must be a
// schema: documented to the last member, optional only at the top, never null.
func TestTheDocumentIsADocumentedSchema(t *testing.T) {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	top := huma.SchemaFromType(registry, reflect.TypeFor[Document]())
	assert.Empty(t, top.Required, "what was not asked for is absent")

	checked := 0
	check := func(name string, s *huma.Schema) {
		for member, p := range s.Properties {
			checked++
			where := name + "." + member
			assert.NotEmpty(t, p.Description, where)
			assert.False(t, p.Nullable, where)
			if p.Type == huma.TypeString && p.ContentEncoding == "" && p.Description != "" && len(p.Examples) == 0 {
				assert.Contains(t, []string{"trok", "soi", "road", "middle_name"}, member, "%s has an example", where)
			}
		}
	}
	check("Document", top)
	for name, s := range registry.Map() {
		check(name, s)
		if name != "Document" {
			assert.ElementsMatch(t, keysOf(s.Properties), s.Required, "%s is whole or absent", name)
		}
	}
	assert.Greater(t, checked, 50)
}

func keysOf(m map[string]*huma.Schema) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestEveryDocumentIsValidByItsSchema(t *testing.T) {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schema := huma.SchemaFromType(registry, reflect.TypeFor[Document]())
	odd := newCard()
	put(odd.moi[0], 0x00E1, 1, []byte("9"))
	put(odd.moi[0], 0x016F, 8, []byte("99999999"))
	put(odd.moi[0], 0x00D9, 8, nil)
	odd.cplc, odd.adm = nil, nil
	for name, card := range map[string]*testCard{"in order": newCard(), "odd": odd, "version 0002": newCard0002(), "wrong digit": withChecksumFailed()} {
		encoded, err := stdjson.Marshal(mustRead(t, card, AllFields()...).Document())
		require.NoError(t, err)
		var tree any
		require.NoError(t, stdjson.Unmarshal(encoded, &tree))
		var result huma.ValidateResult
		huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, tree, &result)
		assert.Empty(t, result.Errors, name)
	}
}

// Every code that a finding can have is in the schema, and no other.
func TestTheSchemaNamesEveryFindingCode(t *testing.T) {
	field, _ := reflect.TypeFor[Finding]().FieldByName("Code")
	codes := []string{
		string(FindingChecksumFailed), string(FindingDateInvalid), string(FindingSexUnknown),
		string(FindingPartUnplaced), string(FindingNotAvailable), string(FindingVersionUnproven),
	}
	assert.Equal(t, codes, strings.Split(field.Tag.Get("enum"), ","))
	for _, code := range codes {
		assert.Contains(t, field.Tag.Get("doc"), code+": ")
	}
}
