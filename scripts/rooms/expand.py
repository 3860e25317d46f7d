"""rooms.txt + names.txt -> moves.tsv"""
import pathlib
here=pathlib.Path(__file__).parent
rows=[];floor=''
for line in (here/'rooms.txt').read_text().splitlines():
    line=line.split('#')[0].strip()
    if not line: continue
    if line.startswith('@'): floor=line[1:].strip(); continue
    subject,_,rest=line.partition(':')
    for each in rest.split(','):
        old,_,new=each.strip().partition('=')
        new=new or old
        o=f'{floor}/{old}.py'
        if subject=='.': n=f'{floor}/{new}.py'
        elif subject.endswith('!'):
            n=f'{floor}/{"test_" if "test_" in old else ""}{subject[:-1]}.py'
        else: n=f'{floor}/{subject}/{new}.py'
        if o!=n: rows.append((o,n,'',''))
assert len({r[0] for r in rows})==len(rows),[r for r in rows if sum(x[0]==r[0] for x in rows)>1]
print('merged:',[r[:2] for r in rows if sum(x[1]==r[1] for x in rows)>1 or (pathlib.Path(r[1]).exists() and r[1] not in {x[0] for x in rows})])
moved={r[0]:r[1] for r in rows}
names=here/'names.txt'
if names.exists():
    for line in names.read_text().splitlines():
        line=line.split('#')[0].strip()
        if not line: continue
        path,old,new=line.split()
        rows.append((path,moved.get(path,path),old,new))
(here/'moves.tsv').write_text('old path\tnew path\told name\tnew name\n'+''.join('\t'.join(r)+'\n' for r in rows))
print(len(rows),'rows')
