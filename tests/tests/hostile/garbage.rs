//! Bytes that mean nothing.

use super::*;

#[tokio::test]
async fn garbage_after_the_upgrade_is_refused_with_a_reason() {
    let party = Party::new().await;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..50 {
        let mut raw = party.raw().await;
        let garbage: Vec<_> = std::iter::repeat_with(|| {
            // Xorshift: any bytes will do, as long as they are the same each time.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as u8
        })
        .take(4096)
        .collect();
        // The server may hang up while this is still being written.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.stream, &garbage).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await;
        if let Some((code, reason)) = raw.close_frame().await {
            assert!([1002, 1007, 1008, 1009].contains(&code), "{code} {reason}");
        }
    }
    party.diary.has(50).await;
    party.ends_unharmed().await;
}

#[tokio::test]
async fn garbage_instead_of_http_is_nobodys_business() {
    let party = Party::new().await;
    for garbage in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"SSH-2.0-x\r\n", &[0; 2000], b"GET\r\n\r\n"]
    {
        let mut raw = Raw::connect(party.site.address).await;
        raw.write(garbage).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await;
        let mut answer = Vec::new();
        let _ = soon("the server hangs up", tokio::io::AsyncReadExt::read_to_end(&mut raw.stream, &mut answer)).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    }
    party.ends_unharmed().await;
}
