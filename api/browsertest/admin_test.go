//go:build !race

package browsertest

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// printTo prints the page to PDF.
func printTo(w io.Writer) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		paper, _, err := page.PrintToPDF().Do(ctx)
		if err == nil {
			_, err = w.Write(paper)
		}
		return err
	})
}

func TestAnAdministratorInvitesAColleagueWhoEnrolsOnTheSameMachine(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/staff", a.admin)
	b.see("malee")
	a.office.Clock.Forward(6 * time.Minute) // so that the login's own code is stale
	b.fill("input[name=name]", "somsri"+enter)
	b.fresh(a.admin)
	b.see("ใบลงทะเบียนของ")
	b.shot("th-staff-grant")
	b.accessible("grant")
	grant := eval[string](b, `document.querySelector('.grant').textContent`)
	require.NotEmpty(t, grant)
	assert.NotEmpty(t, b.printed())
	b.click("#logout")
	b.unsee(grant)

	b.open("/enrol")
	b.fill("#grant", grant)
	b.fill("#new-password", "12345678")
	b.fill("#new-again", "12345678"+enter)
	b.see("รหัสผ่านใหม่นี้ใช้ไม่ได้")
	b.fill("#new-password", "หมาเห่าเครื่องบินเขียว")
	b.fill("#new-again", "หมาเห่าเครื่องบินเขียว"+enter)
	b.when(`document.querySelector('.qr')?.naturalWidth > 100`)
	b.shot("th-enrol-qr")
	b.accessible("enrol qr")
	secret, err := mfa.ParseSecret(eval[string](b, `document.querySelector('.secret').textContent.replaceAll(' ', '')`))
	require.NoError(t, err)
	phone := a.office.Carrying("somsri", secret)
	phone.Password = "หมาเห่าเครื่องบินเขียว"
	b.fill("#enrol-key input[name=code]", thai(phone.Code())+enter)
	b.when(`document.querySelectorAll('.backup li').length === 10`)
	b.shot("th-enrol-codes")
	b.accessible("backup codes")
	assert.NotEmpty(t, b.printed())
	b.click(".codes .done")
	b.unsee(secret.Reveal())
	b.click("#enrol-done a")
	b.login(phone, phone.Code())
	b.see("somsri")
}

func TestARefusedOriginIsApprovedOnlyAfterItWasShownExactlyAndWithAFreshCode(t *testing.T) {
	a := newAgent(t)
	const lookalike = "https://xn--pple-43d.example.go.th"
	a.refused(lookalike)
	b := newBrowser(t, a, "th")
	b.enters("/origins", a.admin)
	b.see(lookalike)
	b.click("#refused button")
	b.see("https://аpple.example.go.th") // its first letter is Cyrillic
	b.see("ตรวจทีละตัวอักษร")
	b.holds(`parseFloat(getComputedStyle(document.querySelector('#edit-origin')).fontSize) > 24`, "large")
	b.shot("th-origin-approve")
	b.everywhere("th-origin-approve")
	a.office.Clock.Forward(6 * time.Minute)
	b.click("#save-origin")
	b.when(`document.querySelector('#stepup').open`)
	b.shot("th-stepup")
	b.accessible("step up")
	b.fresh(a.admin)
	b.see("อนุญาตเมื่อ")
	listed, err := a.office.Records.Origins(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	assert.Equal(t, lookalike, listed[0].Origin)
	assert.Equal(t, []string{"form_fill"}, listed[0].Purposes)
	assert.NotContains(t, listed[0].Fields, "laser_code")

	b.click("#origins button:nth-of-type(2)")
	b.click("#ask-yes")
	b.see("ยังไม่มีเว็บไซต์ที่อนุญาต")

	b.click("#add-origin")
	b.fill("input[name=origin]", "https://app.example.go.th/")
	b.click("#save-origin")
	b.see("origin นี้อนุญาตไม่ได้")
	b.shot("th-origin-refused")
}

func TestTheAuditLogIsVerifiedOnThePage(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/audit", a.admin)
	b.see("เข้าระบบ")
	_, err := a.office.Log.Checkpoint(t.Context()) // as the agent signs them by itself, now and then
	require.NoError(t, err)
	b.click("#verify")
	b.see("บันทึกครบถ้วน ไม่พบการแก้ไข")
	b.shot("th-audit-verified")
	b.accessible("audit verified")
}

func TestAPersonLooksAfterTheOwnAccount(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/account", a.clerk)
	b.see("เหลือ 10 รหัส")
	b.click("#make-codes")
	b.click("#ask-yes")
	// A login's own code is fresh enough.
	b.when(`document.querySelectorAll('.backup li').length === 10`)
	b.shot("th-account-codes")
	b.click(".codes .done")
	b.fill("#present", a.clerk.Password)
	b.fill("#fresh", "ปลาวาฬกินขนมปังดึกดื่น")
	b.fill("#again", "ปลาวาฬกินขนมปังดึกดื่น"+enter)
	b.see("เปลี่ยนรหัสผ่านแล้ว")
	b.fill("#label", "โทรศัพท์สำรอง"+enter)
	b.when(`document.querySelector('#new-app .qr')?.naturalWidth > 100`)
	secret, err := mfa.ParseSecret(eval[string](b, `document.querySelector('.secret').textContent.replaceAll(' ', '')`))
	require.NoError(t, err)
	b.fill("#new-app input[name=code]", a.office.Carrying("malee", secret).Code()+enter)
	b.when(`document.querySelectorAll('#apps li').length === 2`)
	b.shot("th-account-two-apps")
}
