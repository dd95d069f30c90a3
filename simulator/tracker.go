package simulator

import (
	"bytes"
	"slices"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
)

// tracker follows a conversation with a card from outside and says which bytes
// of which file each command asks for and each answer brings. Fault plans need
// it to find a field, the recorder to know what must not be kept. It knows no
// more than the wire shows, so it works for a card of any origin.
type tracker struct {
	selected applet
	old      bool // version 0002 was seen
	current  ask
}

// appletOther is selected, but nobody knows what it holds.
const appletOther applet = -1

// file is where bytes lie.
type file string

const (
	fileNone  file = ""
	fileMOI   file = "moi"
	fileOld0  file = "moi block 0" // version 0002
	fileOld1  file = "moi block 1"
	fileNHSO  file = "nhso"
	fileLaser file = "adm"
	fileCPLC  file = "cplc"
)

// ask is a stretch of a file that is wanted, or still wanted, from the card.
type ask struct {
	file file
	at   int // offset of the next byte
	left int // bytes wanted from there
}

// layouts are the parts of each file.
var layouts = map[file][]thaiid.Segment{
	fileMOI: thaiid.MOI,
	fileOld0: {
		{Part: thaiid.PartVersion, Offset: 0, Length: oldAddressAt},
		{Part: thaiid.PartAddress, Field: thaiid.FieldAddress, Offset: oldAddressAt, Length: oldAddressLen},
	},
	fileOld1: slices.DeleteFunc(slices.Clone(thaiid.MOI), func(s thaiid.Segment) bool { return s.End() > oldBlock1Size }),
	fileNHSO: thaiid.NHSO,
	fileLaser: {
		{Part: thaiid.Part(thaiid.FieldLaserCode), Field: thaiid.FieldLaserCode, Offset: admHeader, Length: 16},
	},
	fileCPLC: {{Part: fieldChipNumber, Offset: 3, Length: 0x2A}},
}

// asks says what cmd wants. GET RESPONSE wants the rest of what was wanted before.
func (t *tracker) asks(cmd apdu.Command) ask {
	switch {
	case cmd.INS == insGetResponse:
		return t.current
	case (cmd.INS == insRead || cmd.INS == insReadBlock1) && len(cmd.Data) == 2:
		return ask{t.readFile(cmd.INS), int(cmd.P1)<<8 | int(cmd.P2), int(cmd.Data[1])}
	case cmd.CLA == 0x80 && cmd.INS == insLaser && t.selected == appletADM:
		return ask{fileLaser, 0, admHeader + 16}
	case cmd.CLA == 0x80 && cmd.INS == insGetData && cmd.P1 == 0x9F && cmd.P2 == 0x7F:
		return ask{fileCPLC, 0, 3 + 0x2A}
	}
	return ask{}
}

func (t *tracker) readFile(ins byte) file {
	switch {
	case t.selected == appletMOI && ins == insReadBlock1:
		return fileOld1
	case t.selected == appletMOI && t.old:
		return fileOld0
	case t.selected == appletMOI:
		return fileMOI
	case t.selected == appletNHSO && ins == insRead:
		return fileNHSO
	}
	return fileNone
}

// answered notes the card's answer to a command that asked for a.
func (t *tracker) answered(cmd apdu.Command, a ask, res apdu.Response) {
	_, more := res.Status.MoreData()
	done := more || res.Status == apdu.StatusOK
	if cmd.INS == insSelect && done {
		t.selected = appletOf(cmd.Data)
	}
	if a.file == fileMOI && a.at == 0 && len(res.Data) >= oldAddressAt {
		t.old = string(res.Data[:oldAddressAt]) == "0002"
	}
	a.at += len(res.Data)
	a.left = max(0, a.left-len(res.Data))
	t.current = a
}

func appletOf(aid []byte) applet {
	switch {
	case len(aid) == 0:
		return appletManager
	case bytes.Equal(aid, thaiid.AIDMOI):
		return appletMOI
	case bytes.Equal(aid, thaiid.AIDNHSO):
		return appletNHSO
	case bytes.Equal(aid, thaiid.AIDADM):
		return appletADM
	}
	return appletOther
}

// parts are the parts that n bytes from a touch.
func (a ask) parts(n int) []thaiid.Segment {
	var touched []thaiid.Segment
	if n <= 0 {
		return nil
	}
	for _, s := range layouts[a.file] {
		if s.Offset < a.at+n && a.at < s.End() {
			touched = append(touched, s)
		}
	}
	return touched
}

// called are the parts of a file that a field or part name means.
func (a ask) called(name string) []thaiid.Segment {
	var meant []thaiid.Segment
	for _, s := range layouts[a.file] {
		if isCalled(s, name) {
			meant = append(meant, s)
		}
	}
	return meant
}

func isCalled(s thaiid.Segment, name string) bool {
	return string(s.Part) == name || string(s.Field) == name
}
