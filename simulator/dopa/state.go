package dopa

import (
	"errors"
	"fmt"
	"strings"
)

// ErrStateUnknown is what [ParseState] returns for a word that is no state.
var ErrStateUnknown = errors.New("state unknown")

// State is what the service knows of somebody's card.
type State string

// The states.
const (
	Normal State = "normal"
	// Moved, Lost and Cancelled: the card is no longer valid, for that reason.
	Moved     State = "moved"
	Lost      State = "lost"
	Cancelled State = "cancelled"
	// NotFound: the service has no such card.
	NotFound State = "not_found"
	// Incomplete: the service says that a field was empty, whatever was sent.
	Incomplete State = "incomplete"
)

// States are all of them.
func States() []State {
	return []State{Normal, Moved, Lost, Cancelled, NotFound, Incomplete}
}

// ParseState takes the word of a state. It returns [ErrStateUnknown], and then
// says which there are.
func ParseState(word string) (State, error) {
	var names []string
	for _, s := range States() {
		if string(s) == word {
			return s, nil
		}
		names = append(names, string(s))
	}
	return "", fmt.Errorf("read state: %w: %.40q, there are %s", ErrStateUnknown, word, strings.Join(names, ", "))
}

// reply is what the service says: the elements of its answer, as they are written.
type reply struct{ isError, code, desc string }

// replyTo is what a state is answered with. Codes 0, 2, 4 and 5 and their words
// are in thai-id-card §11, but for the words about a chip that isn't found. 1 and
// 3 are invented, so that one sees what becomes of a code that nobody knows.
func replyTo(s State, operation string) reply {
	switch s {
	case Normal:
		return reply{"false", "0", "สถานะปกติ"}
	case Moved:
		return reply{"true", "2", "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี การเปลี่ยนที่อยู่"}
	case Lost:
		return reply{"true", "1", "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี บัตรหาย"}
	case Cancelled:
		return reply{"true", "3", "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี ยกเลิกบัตร"}
	case Incomplete:
		return reply{"true", "5", "ข้อมูลที่ใช้ในการตรวจสอบไม่ครบ"}
	case NotFound:
	}
	if operation == byLaser {
		return reply{"true", "4", "สถานะไม่ปกติ => ไม่พบเลข Laser จาก PID นี้"}
	}
	return reply{"true", "4", "สถานะไม่ปกติ => ไม่พบข้อมูล"}
}

// different is the answer where what was sent is not what the register has.
func different() reply {
	return reply{"true", "4", "สถานะไม่ปกติ => ข้อมูลไม่ตรง"}
}
