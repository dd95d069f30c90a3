package thaiid

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFieldsAreParsedByName(t *testing.T) {
	fields, err := ParseFields([]string{"name", " photo", "nhso "})
	require.NoError(t, err)
	assert.Equal(t, Fields{FieldName, FieldPhoto, FieldNHSO}, fields)
	assert.True(t, fields.Has(FieldPhoto))
	assert.False(t, fields.Has(FieldSex))
}

// chakphanu #12 asks for the religion, which is not on the chip (thai-id-card §4).
func TestNamesThatAreNoFieldsAreRefused(t *testing.T) {
	for name, names := range map[string][]string{
		"none": nil, "unknown": {"name", "religion"}, "twice": {"name", "name"}, "other case": {"Name"}, "empty": {""},
		"a part and no field": {"name.th"},
	} {
		t.Run(name, func(t *testing.T) {
			fields, err := ParseFields(names)
			assert.ErrorIs(t, err, ErrFieldUnknown)
			assert.Nil(t, fields)
		})
	}
}

func TestTextIsAllOfTheMOIAppletButThePhoto(t *testing.T) {
	assert.Equal(t, Fields{FieldCitizenID, FieldName, FieldBirthDate, FieldSex, FieldAddress, FieldCard}, TextFields())
	assert.Len(t, AllFields(), 9)
	for _, s := range MOI {
		assert.True(t, s.Field == "" || AllFields().Has(s.Field), "%s", s.Part)
	}
}
