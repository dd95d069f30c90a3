package simulator

import (
	"bytes"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
)

// Status words that the card gives (thai-id-card §9, ISO/IEC 7816-4 §5.6).
const (
	swWrongLength   apdu.Status = 0x6700
	swNothingWaits  apdu.Status = 0x6985
	swNotAllowed    apdu.Status = 0x6986
	swNoApplet      apdu.Status = 0x6A82
	swWrongP1P2     apdu.Status = 0x6A86
	swNoObject      apdu.Status = 0x6A88
	swNoInstruction apdu.Status = 0x6D00
	swNoClass       apdu.Status = 0x6E00
)

// moreData is 61xx, wrongLe 6Cxx; 256 is 00.
func moreData(n int) apdu.Status { return 0x6100 | apdu.Status(byte(n)) }
func wrongLe(n int) apdu.Status  { return 0x6C00 | apdu.Status(byte(n)) }

// Instructions (thai-id-card §2, §5, §8).
const (
	insLaser       = 0x00
	insSelect      = 0xA4
	insRead        = 0xB0
	insReadBlock1  = 0xB1
	insGetResponse = 0xC0
	insGetData     = 0xCA
)

// applet is who gets the commands. The card manager has them after a reset.
type applet int

const (
	appletManager applet = iota
	appletMOI
	appletNHSO
	appletADM
)

// core is the card's state machine: what is selected, and what waits for GET RESPONSE.
type core struct {
	memory     memory
	protocol   Protocol
	responseP2 byte // the P2 that GET RESPONSE must have
	hidden     bool // the default SELECT is refused, GET DATA works anywhere

	selected applet
	pending  []byte
}

func (k *core) reset() {
	k.selected = appletManager
	k.pending = nil
}

// respond answers one command.
func (k *core) respond(cmd apdu.Command) apdu.Response {
	if cmd.INS == insGetResponse {
		return k.getResponse(cmd)
	}
	k.pending = nil // any other command gives up what waited (ISO/IEC 7816-4 §5.3.4)
	switch cmd.INS {
	case insSelect:
		return k.inClass(0x00, cmd, k.selectApplet)
	case insRead, insReadBlock1:
		return k.inClass(0x80, cmd, k.read)
	case insLaser:
		return k.inClass(0x80, cmd, k.laser)
	case insGetData:
		return k.inClass(0x80, cmd, k.getData)
	}
	return refuse(swNoInstruction)
}

func (k *core) inClass(class byte, cmd apdu.Command, do func(apdu.Command) apdu.Response) apdu.Response {
	if cmd.CLA != class {
		return refuse(swNoClass)
	}
	return do(cmd)
}

func refuse(sw apdu.Status) apdu.Response { return apdu.Response{Status: sw} }

// getResponse has class 00 always. A refused form leaves the data where it is,
// so that the other form can be tried.
func (k *core) getResponse(cmd apdu.Command) apdu.Response {
	switch {
	case cmd.CLA != 0x00:
		return refuse(swNoClass)
	case len(cmd.Data) > 0:
		return refuse(swWrongLength)
	case cmd.P1 != 0 || cmd.P2 != k.responseP2:
		return refuse(swWrongP1P2)
	case len(k.pending) == 0:
		return refuse(swNothingWaits)
	case cmd.Ne != len(k.pending):
		return refuse(wrongLe(len(k.pending)))
	}
	data := k.pending
	k.pending = nil
	return apdu.Response{Data: data, Status: apdu.StatusOK}
}

// deliver answers data in the protocol's manner. With T=0 a command that
// carried data, or has no Le, can't bring any: the data waits.
func (k *core) deliver(cmd apdu.Command, data []byte) apdu.Response {
	waits := k.protocol == T0 && (len(cmd.Data) > 0 || cmd.Ne == 0)
	exact := cmd.Ne == len(data) || k.protocol == T1 && (cmd.Ne == 0 || cmd.Ne > len(data))
	switch {
	case waits:
		k.pending = data
		return refuse(moreData(len(data)))
	case !exact:
		return refuse(wrongLe(len(data)))
	}
	return apdu.Response{Data: data, Status: apdu.StatusOK}
}

// selectInfo is what a SELECT of an applet brings: 10 bytes that no reader
// fetches, so their content is made up. managerInfo is the card manager's 18.
var (
	selectInfo  = append([]byte{0x6F, 0x08, 0x84, 0x06}, thaiid.AIDMOI[:6]...)
	managerInfo = []byte{0x6F, 0x10, 0x84, 0x08, 0xA0, 0, 0, 0, 3, 0, 0, 0, 0xA5, 4, 0x9F, 0x65, 1, 0xFF}
)

// selectApplet takes whole names only. One that fails leaves the selection as it is.
func (k *core) selectApplet(cmd apdu.Command) apdu.Response {
	if cmd.P1 != 0x04 || cmd.P2 != 0x00 {
		return refuse(swWrongP1P2)
	}
	if len(cmd.Data) == 0 {
		return k.selectManager(cmd)
	}
	for _, known := range []struct {
		aid    []byte
		file   []byte
		applet applet
	}{
		{thaiid.AIDMOI, k.memory.moi, appletMOI},
		{thaiid.AIDNHSO, k.memory.nhso, appletNHSO},
		{thaiid.AIDADM, k.memory.adm, appletADM},
	} {
		if bytes.Equal(cmd.Data, known.aid) && known.file != nil {
			k.selected = known.applet
			return k.deliver(cmd, selectInfo)
		}
	}
	return refuse(swNoApplet)
}

// selectManager is the SELECT without a name. 6Cxx selects nothing yet.
func (k *core) selectManager(cmd apdu.Command) apdu.Response {
	if k.hidden {
		return refuse(swNoApplet)
	}
	res := k.deliver(cmd, managerInfo)
	if _, again := res.Status.CorrectLength(); !again {
		k.selected = appletManager
	}
	return res
}

// read is READ with the offset in P1 P2 and the length in two bytes of data.
// What the first of them means is disputed (thai-id-card §14), so only 00 is taken.
func (k *core) read(cmd apdu.Command) apdu.Response {
	file, sw := k.file(cmd.INS)
	if sw != apdu.StatusOK {
		return refuse(sw)
	}
	if len(cmd.Data) != 2 || cmd.Data[0] != 0 || cmd.Data[1] == 0 {
		return refuse(swWrongLength)
	}
	from := int(cmd.P1)<<8 | int(cmd.P2)
	to := from + int(cmd.Data[1])
	if to > len(file) {
		return refuse(swWrongP1P2)
	}
	return k.deliver(cmd, file[from:to:to])
}

// file is what READ reads now. INS B1 is known to version 0002 alone.
func (k *core) file(ins byte) ([]byte, apdu.Status) {
	switch {
	case k.selected == appletMOI && ins == insRead:
		return k.memory.moi, apdu.StatusOK
	case k.selected == appletMOI && k.memory.block1 != nil:
		return k.memory.block1, apdu.StatusOK
	case k.selected == appletNHSO && ins == insRead:
		return k.memory.nhso, apdu.StatusOK
	case k.selected == appletMOI || k.selected == appletNHSO:
		return nil, swNoInstruction
	}
	return nil, swNotAllowed
}

// admHeader is how many bytes of the ADM answer precede the laser code.
const admHeader = 7

// laser is the one command of ADM that readers know. Le 17 brings all; Le 07 the
// header, and the code waits (thai-id-card §8).
func (k *core) laser(cmd apdu.Command) apdu.Response {
	switch {
	case k.selected != appletADM:
		return refuse(swNotAllowed)
	case cmd.P1 != 0 || cmd.P2 != 0:
		return refuse(swWrongP1P2)
	case len(cmd.Data) > 0:
		return refuse(swWrongLength)
	case cmd.Ne == admHeader:
		k.pending = k.memory.adm[admHeader:]
		return apdu.Response{Data: k.memory.adm[:admHeader], Status: moreData(len(k.pending))}
	}
	return k.deliver(cmd, k.memory.adm)
}

// getData is GET DATA 9F7F. The length has to be right even where T=0 could let
// the data wait: readers know the answer 6C2D.
func (k *core) getData(cmd apdu.Command) apdu.Response {
	switch {
	case k.selected != appletManager && !k.hidden:
		return refuse(swNoInstruction)
	case cmd.P1 != 0x9F || cmd.P2 != 0x7F || k.memory.cplc == nil:
		return refuse(swNoObject)
	case len(cmd.Data) > 0:
		return refuse(swWrongLength)
	case k.protocol == T0 && cmd.Ne != len(k.memory.cplc):
		return refuse(wrongLe(len(k.memory.cplc)))
	}
	return k.deliver(cmd, k.memory.cplc)
}
