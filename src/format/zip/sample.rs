//! Zip files for tests.

use super::Compressed;
use super::record::{
    CENTRAL, CENTRAL_LEN, DEFLATED, END, END_LEN, LOCAL, LOCAL_LEN, SIZES_BEHIND, STORED, put16,
    put32,
};

/// A zip file of these parts, in order: deflated, those with `.bin` stored, the first with its sizes behind it.
pub(in crate::format) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (index, (name, content)) in parts.iter().enumerate() {
        let stored = name.ends_with(".bin");
        let mut compressed = Compressed::of(content).unwrap();
        if stored {
            compressed.bytes = content.to_vec();
        }
        let offset = body.len();
        let mut record = CENTRAL.to_vec();
        record.resize(CENTRAL_LEN, 0);
        put16(&mut record, 4, 20);
        put16(&mut record, 6, 20);
        put16(&mut record, 8, if index == 0 { SIZES_BEHIND } else { 0 });
        put16(&mut record, 10, if stored { STORED } else { DEFLATED });
        compressed.put(&mut record, 16);
        put16(&mut record, 28, name.len() as u16);
        put32(&mut record, 42, offset);
        let mut header = LOCAL.to_vec();
        header.extend_from_slice(&record[6..CENTRAL_LEN]);
        header.truncate(LOCAL_LEN);
        if index == 0 {
            header[14..26].fill(0);
        }
        body.extend(header);
        body.extend(name.as_bytes());
        body.extend(&compressed.bytes);
        if index == 0 {
            body.extend(b"PK\x07\x08");
            body.extend(&record[16..28]);
        }
        directory.extend(record);
        directory.extend(name.as_bytes());
    }
    let mut end = END.to_vec();
    end.resize(END_LEN, 0);
    put16(&mut end, 8, parts.len() as u16);
    put16(&mut end, 10, parts.len() as u16);
    put32(&mut end, 12, directory.len());
    put32(&mut end, 16, body.len());
    put16(&mut end, 20, 2);
    [body, directory, end, b"hi".to_vec()].concat()
}
