package thaiid

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Field is a part of an identity that can be asked for, by its name in the API
// and in --fields (design §5).
type Field string

// The fields. LaserCode and NHSO live in applets of their own, cost further
// exchanges and come only when asked for by name.
const (
	FieldCitizenID Field = "citizen_id"
	FieldName      Field = "name"
	FieldBirthDate Field = "birth_date"
	FieldSex       Field = "sex"
	FieldAddress   Field = "address"
	FieldCard      Field = "card"
	FieldPhoto     Field = "photo"
	FieldLaserCode Field = "laser_code"
	FieldNHSO      Field = "nhso"
)

// AllFields is every field, in the order of the identity document.
func AllFields() Fields {
	return Fields{
		FieldCitizenID, FieldName, FieldBirthDate, FieldSex, FieldAddress,
		FieldCard, FieldPhoto, FieldLaserCode, FieldNHSO,
	}
}

// TextFields is every text field of the MOI applet: what a form is filled from.
func TextFields() Fields {
	return AllFields()[:6]
}

// ErrFieldUnknown is what [ParseFields] and [Read] return for a name that is no
// field, and for no name at all.
var ErrFieldUnknown = errors.New("field unknown")

// Fields is a set of fields. The order has no meaning.
type Fields []Field

// Has says whether f is asked for.
func (fs Fields) Has(f Field) bool { return slices.Contains(fs, f) }

// check refuses an empty set and unknown fields.
func (fs Fields) check() error {
	if len(fs) == 0 {
		return fmt.Errorf("check fields: %w: none named", ErrFieldUnknown)
	}
	for _, f := range fs {
		if !AllFields().Has(f) {
			return fmt.Errorf("check fields: %w: %.40q", ErrFieldUnknown, f)
		}
	}
	return nil
}

// ParseFields turns names into fields. An unknown or repeated name and an empty
// list are [ErrFieldUnknown].
func ParseFields(names []string) (Fields, error) {
	var fields Fields
	for _, name := range names {
		f := Field(strings.TrimSpace(name))
		if !AllFields().Has(f) {
			return nil, fmt.Errorf("parse fields: %w: %.40q", ErrFieldUnknown, name)
		}
		if fields.Has(f) {
			return nil, fmt.Errorf("parse fields: %w: %s is named twice", ErrFieldUnknown, f)
		}
		fields = append(fields, f)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("parse fields: %w: none named", ErrFieldUnknown)
	}
	return fields, nil
}
