import os, pathlib, zlib, struct
import pytest
def png():
    def ch(t,d): return struct.pack(">I",len(d))+t+d+struct.pack(">I",zlib.crc32(t+d))
    raw=b"".join(b"\0"+b"\x20\x60\xa0"*60 for _ in range(80))
    return b"\x89PNG\r\n\x1a\n"+ch(b"IHDR",struct.pack(">IIBBBBB",60,80,8,2,0,0,0))+ch(b"IDAT",zlib.compress(raw))+ch(b"IEND",b"")
T=[p.name for p in pathlib.Path("templates").glob("*.docx") if p.name not in ("kop.docx","tanda-tangan.docx","paraf.docx","kaki.docx")]
@pytest.mark.parametrize("t",T)
@pytest.mark.parametrize("kind",["short","long","missing","hostile"])
def test_w(write,staffed,t,kind):
    out=pathlib.Path("/tmp/pc/out"); out.mkdir(exist_ok=True)
    for step in ("draft","sign"):
        kw=dict(kind=kind)
        if kind=="short" and step=="sign": kw.update(at=staffed,logo=png())
        if kind=="missing": kw.update(nomor=None)
        (out/f"{t[:-5]}-{kind}-{step}.docx").write_bytes(write(t,step,**kw))
