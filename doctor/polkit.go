package doctor

import "encoding/json"

// admission is how an account gets past the reader service. Since version 2.4
// pcscd asks polkit, which by default admits active local sessions only: not
// ssh, and no service, ours included (agent-security §9).
func (m Machine) admission() Text {
	if m.System != "linux" {
		return Text{
			TH: "เรียกใช้ด้วยบัญชีที่มีสิทธิ์ใช้เครื่องอ่านบัตร หรือขอสิทธิ์จากผู้ดูแลเครื่อง",
			EN: "Run this as an account that may use the readers, or have the administrator allow it.",
		}
	}
	rule := PolkitRule(m.Account)
	return Text{
		TH: "polkit ต้องอนุญาต org.debian.pcsc-lite.access_pcsc และ org.debian.pcsc-lite.access_card\n" +
			"บันทึกข้อความนี้เป็น " + PolkitPath + " แล้วลองใหม่:\n" + rule,
		EN: "polkit has to allow org.debian.pcsc-lite.access_pcsc and org.debian.pcsc-lite.access_card.\n" +
			"Save this as " + PolkitPath + " and try again:\n" + rule,
	}
}

// PolkitPath is where the rule belongs.
const PolkitPath = "/etc/polkit-1/rules.d/50-chipproof.rules"

// PolkitRule is the polkit rule that lets an account use readers and cards from
// anywhere, a service and ssh included. It allows nothing else and nobody else.
func PolkitRule(account string) string {
	// A JSON string is a JavaScript string, whatever the name holds.
	user, _ := json.Marshal(account) // a string can't fail
	return `polkit.addRule(function(action, subject) {
    if ((action.id == "org.debian.pcsc-lite.access_pcsc" ||
         action.id == "org.debian.pcsc-lite.access_card") &&
        subject.user == ` + string(user) + `) {
        return polkit.Result.YES;
    }
});`
}
