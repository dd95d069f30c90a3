package detect

// words is the lexicon: what speaks for a class, and what against numbers being
// a person's. Lower case; '_' and '-' of keys are written as a space, and so is
// the border of camelCase. Sources: forms and exports of Thai agencies, and the
// measured false alarms of assurance §4.3.
var words = []struct {
	kind  kind
	words []string
}{
	{ofCitizen, []string{
		"เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "หมายเลขบัตรประชาชน", "เลขบัตรประจำตัวประชาชน", "หมายเลขประจำตัวประชาชน",
		"บัตรประชาชน", "บัตรประจำตัวประชาชน", "เลขที่บัตร", "เลขที่บัตรประชาชน", "เลขบัตร", "เลขปชช", "เลข ปชช", "ปชช",
		"เลขประจำตัว 13 หลัก", "เลข 13 หลัก", "13 หลัก", "๑๓ หลัก", "เลขประจำตัว", "เลขประชาชน", "เลขไอดี",
		"citizen", "citizen id", "citizenid", "citizen no", "citizen number", "citizen card", "national id", "nationalid", "national no", "nid",
		"identity card", "identity number", "identification", "identification no", "id card", "idcard", "id number", "id no", "idno", "card id", "cardid",
		"cid", "pid", "thai id", "thaiid", "personal id", "personalid", "person id", "personid", "people id", "popid", "pop id", "ssn", "13 digit", "13 digits",
	}},
	{ofTax, []string{"ผู้เสียภาษี", "เลขประจำตัวผู้เสียภาษี", "เลขผู้เสียภาษี", "tax id", "taxid", "taxpayer", "tin"}},
	{ofLaser, []string{"laser", "laser code", "lasercode", "laser id", "laserid", "เลเซอร์", "เลขเลเซอร์", "รหัสหลังบัตร", "เลขหลังบัตร", "หลังบัตร", "รหัสกำกับบัตร"}},
	{ofPhone, []string{
		"โทร", "โทรศัพท์", "เบอร์", "เบอร์โทร", "เบอร์โทรศัพท์", "มือถือ", "เบอร์มือถือ", "หมายเลขโทรศัพท์", "พร้อมเพย์", "ไลน์",
		"tel", "telephone", "phone", "phone no", "mobile", "mobile no", "cell", "cellphone", "call", "contact no", "msisdn", "promptpay", "line id", "whatsapp",
	}},
	{ofFullName, []string{
		"ชื่อ สกุล", "ชื่อสกุล", "ชื่อ นามสกุล", "ชื่อนามสกุล", "ชื่อและนามสกุล", "ชื่อตัว ชื่อสกุล", "ชื่อเต็ม", "รายชื่อ", "ชื่อผู้ป่วย", "ชื่อผู้ขอ", "ชื่อผู้ยื่น", "ชื่อผู้รับ", "ชื่อผู้สมัคร", "ชื่อบัญชี", "ชื่อลูกค้า", "ชื่อผู้ปกครอง", "ชื่อบิดา", "ชื่อมารดา",
		"full name", "fullname", "person name", "customer name", "patient name", "name surname", "name th", "thai name", "student name", "account name", "applicant",
	}},
	{ofPartName, []string{
		"ชื่อตัว", "ชื่อต้น", "นามสกุล", "ชื่อรอง", "ชื่อกลาง", "first name", "firstname", "fname", "last name", "lastname", "lname", "surname", "family name", "given name", "middle name",
		"first name th", "last name th", "first name en", "last name en",
	}},
	{ofName, []string{"ชื่อ", "ข้าพเจ้า", "ผู้ป่วย", "ผู้สมัคร", "ผู้ร้อง", "ผู้ขอ", "ผู้รับ", "ลงชื่อ", "name", "patient", "customer"}},
	{ofAddress, []string{"ที่อยู่", "บ้านเลขที่", "ภูมิลำเนา", "ที่อยู่ปัจจุบัน", "ที่อยู่ตามทะเบียนบ้าน", "address", "addr", "home address", "residence"}},
	{ofBank, []string{
		"ธนาคาร", "บัญชี", "เลขบัญชี", "เลขที่บัญชี", "บัญชีเลขที่", "บัญชีธนาคาร", "ออมทรัพย์", "กระแสรายวัน", "กสิกร", "กสิกรไทย", "ไทยพาณิชย์", "กรุงไทย", "ธ.กรุงเทพ", "ธนาคารกรุงเทพ", "กรุงศรี", "ออมสิน",
		"ธ ก ส", "ธ.ก.ส", "ทหารไทย", "ธนชาต", "bank", "bank account", "account no", "account number", "acct", "acc no", "accno", "account", "kbank", "scb", "ktb", "bbl", "ttb", "gsb", "baac", "savings",
	}},
	{ofPassport, []string{"หนังสือเดินทาง", "พาสปอร์ต", "เลขหนังสือเดินทาง", "passport", "passport no", "passport number", "passportno"}},
	{ofBirth, []string{
		"วันเกิด", "เกิดวันที่", "เกิดเมื่อ", "วันเดือนปีเกิด", "วัน เดือน ปี เกิด", "ว ด ป เกิด", "ว/ด/ป เกิด", "ว.ด.ป. เกิด", "ว.ด.ป.เกิด",
		"birth", "birthday", "birth date", "birthdate", "date of birth", "dob", "born", "bday",
	}},
	{ofEmail, []string{"อีเมล", "อีเมล์", "email", "e mail", "mail", "mailto"}},
	{ofCard, []string{"บัตรเครดิต", "บัตรเดบิต", "เลขบัตรเครดิต", "credit card", "debit card", "creditcard", "card no", "card number", "cardno", "visa", "mastercard", "pan"}},
	{ofHealth, []string{"hn", "h n", "h.n.", "เลขผู้ป่วย", "เลขประจำตัวผู้ป่วย", "เลขที่ผู้ป่วย", "เวชระเบียน", "เลขที่โรงพยาบาล", "hospital number", "hospital no", "patient id", "patient no", "patientid", "an no"}},
	{ofVehicle, []string{"ทะเบียนรถ", "เลขทะเบียนรถ", "ป้ายทะเบียน", "รถยนต์", "รถจักรยานยนต์", "หมายเลขทะเบียน", "เลขทะเบียน", "ทะเบียน", "license plate", "licence plate", "plate", "plate no", "vehicle"}},
	{ofGeo, []string{"พิกัด", "ละติจูด", "ลองจิจูด", "lat", "latitude", "lng", "lon", "long", "longitude", "latlng", "lat lng", "coordinates", "coordinate", "gps", "geo", "location", "geometry"}},
	{ofSecret, []string{"password", "passwd", "pwd", "รหัสผ่าน", "secret", "client secret", "api key", "apikey", "token", "access token", "secret key", "private key", "access key", "credential", "authorization", "bearer"}},
	{ofGoods, []string{
		"บาร์โค้ด", "รหัสสินค้า", "สินค้า", "barcode", "bar code", "ean", "ean13", "gtin", "upc", "sku", "isbn", "issn", "imei", "serial", "serial no", "s/n", "หมายเลขเครื่อง", "ซีเรียล",
		"พัสดุ", "เลขพัสดุ", "tracking", "tracking no", "track", "ems", "parcel", "shipment", "consignment", "awb", "waybill", "เลขที่ใบส่งของ",
		"ใบแจ้งหนี้", "ใบกำกับ", "ใบกำกับภาษี", "ใบเสร็จ", "เลขที่ใบเสร็จ", "invoice", "invoice no", "inv", "inv no", "receipt", "bill", "bill no", "billno", "เลขที่เอกสาร", "document no", "doc no", "docno", "doc id",
		"order", "order no", "order id", "orderid", "คำสั่งซื้อ", "ใบสั่งซื้อ", "เลขที่สั่งซื้อ", "po no", "อ้างอิง", "เลขที่อ้างอิง", "reference", "ref", "ref no", "ref1", "ref2", "refno", "transaction", "transaction id", "txn", "txn id", "trace", "session", "session id", "request id",
		"product", "product id", "product code", "item", "item code", "lot", "lot no", "batch", "asset", "ครุภัณฑ์", "เลขครุภัณฑ์", "สัญญาเลขที่", "เลขที่สัญญา", "เลขที่โครงการ", "รหัสโครงการ", "เลขที่โฉนด", "egp", "hash", "checksum", "nonce", "meter", "มิเตอร์",
	}},
	{ofTime, []string{
		"timestamp", "time stamp", "created at", "createdat", "updated at", "updatedat", "deleted at", "modified", "last modified", "created", "updated", "expires", "expires at", "expiry", "expire", "exp", "iat", "nbf", "ts", "time", "epoch", "millis", "milliseconds", "unix", "date", "datetime",
		"start time", "end time", "last seen", "cache", "cachebuster", "cb", "เวลา", "วันเวลา",
	}},
	{ofOffice, []string{
		"สำนักงาน", "สายด่วน", "โทรสาร", "แฟกซ์", "fax", "call center", "callcenter", "hotline", "ที่ทำการ", "ศูนย์", "เทศบาล", "อบต", "อบจ", "องค์การบริหาร", "กอง", "ฝ่าย", "แผนก", "สำนัก", "กรม", "กระทรวง", "ที่ว่าการ", "ศาลากลาง", "งานธุรการ", "ประชาสัมพันธ์", "ติดต่อเรา", "ติดต่อหน่วยงาน", "โรงพยาบาล", "โรงเรียน", "สถานีตำรวจ", "office", "contact us", "department", "division", "municipality", "switchboard", "สารบรรณ",
	}},
	{ofJuristic, []string{"นิติบุคคล", "ทะเบียนนิติบุคคล", "บริษัท", "หจก", "ห้างหุ้นส่วน", "จำกัด", "มหาชน", "มูลนิธิ", "สมาคม", "company", "co ltd", "ltd", "corporation", "juristic", "vat"}},
	{ofSample, []string{"ตัวอย่าง", "example", "sample", "dummy", "placeholder", "test data", "ข้อมูลทดสอบ", "สมมติ", "xxxx"}},
	{ofTitle, []string{"นาย", "นาง", "นางสาว", "น.ส.", "ด.ช.", "ด.ญ.", "เด็กชาย", "เด็กหญิง", "mr", "mrs", "miss", "ms"}},
	{ofPlace, []string{"ตำบล", "ต.", "อำเภอ", "อ.", "จังหวัด", "จ.", "แขวง", "เขต", "หมู่", "หมู่ที่", "ม.", "ถนน", "ถ.", "ซอย", "ซ.", "ตรอก", "หมู่บ้าน", "รหัสไปรษณีย์"}},
	{ofPlain, []string{"ติดต่อ", "กรมธรรม์", "กองทุน", "เลข", "เลขที่", "หมายเลข", "บาท", "ลำดับ", "ที่", "วันที่", "จำนวน", "null", "true", "false", "href", "value", "data", "content", "http", "https", "id", "no", "และ", "หรือ", "รหัส"}},
}
