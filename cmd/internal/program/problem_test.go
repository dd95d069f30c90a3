package program

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/api"
)

func TestAComplaintNamesCodeAndRemedyInEveryLanguageAndThenTheCauses(t *testing.T) {
	var stderr strings.Builder
	p := &Program{Kind: testKind(), Streams: Streams{Err: &stderr}, Say: Speech{api.Thai, api.English}}
	p.complain(errors.Join(fmt.Errorf("write file: %w", ErrFileExists), errors.New("and more")))
	assert.Equal(t, `chipproof: file_exists: มีไฟล์นี้อยู่แล้ว — ระบุชื่ออื่น หรือใส่ --force เพื่อเขียนทับ ถ้าคำสั่งนั้นมี
chipproof: file_exists: The file exists already — Name another file, or say --force to replace it where the command has that.
  write file: file exists
  and more
`, stderr.String())
}
