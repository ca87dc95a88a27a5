import { chromium } from '@playwright/test';
const O='http://localhost:3903';
const b=await chromium.launch({executablePath:'/usr/bin/chromium'});
async function ctx(o){return b.newContext({...o});}
async function signin(c,email,pw,door=''){const p=await c.newPage();await p.goto(O+door+'/sign-in');await p.locator('[name=email]').fill(email);await p.locator('[name=password]').fill(pw);await p.locator('form[action="/api/sign_in"] button[type=submit]').click();await p.waitForLoadState();return p;}
for (const [l,pre] of [['en',''],['fr','/fr']]) for (const [w,scheme] of [[1280,'light'],[320,'dark']]) {
  const c=await ctx({viewport:{width:w,height:900},colorScheme:scheme,locale:l,javaScriptEnabled:w!==320});
  const p=await signin(c,'contenu@montclair.example','trois moulins dans la brume');
  for (const [n,u] of [['settings','/settings'],['data','/settings/data'],['delete','/settings/delete']]) {
    await p.goto(O+pre+u); await p.screenshot({path:`/tmp/w3d/${n}-${l}-${w}.png`,fullPage:true});
  }
  const q=await (await ctx({viewport:{width:w,height:900},colorScheme:scheme,locale:l})).newPage(); 
  const c2=q.context(); const r=await signin(c2,'leaving@montclair.example','the last tram leaves at noon');
  await r.goto(O+pre+'/back-office'); await r.screenshot({path:`/tmp/w3d/banner-${l}-${w}.png`,fullPage:true});
  await r.goto(O+pre+'/settings/delete'); await r.screenshot({path:`/tmp/w3d/due-${l}-${w}.png`,fullPage:true});
  await c.close(); await c2.close();
}
{ const c=await ctx({viewport:{width:1280,height:900},locale:'en'}); const p=await c.newPage(); await p.goto(O+'/mailbox'); 
  const links=await p.locator('main a').all(); for(const a of links){const t=await a.innerText(); if(/will be deleted/.test(t)){await a.click(); break;}}
  await p.screenshot({path:'/tmp/w3d/mail.png',fullPage:true}); const html=await p.locator('article a').first().getAttribute('href'); await p.goto(O+html); await p.screenshot({path:'/tmp/w3d/mailhtml.png',fullPage:true});
  const stop=await p.locator('a.button').getAttribute('href'); await p.goto(stop); await p.screenshot({path:'/tmp/w3d/stop.png',fullPage:true});
  // sole manager? 
  const c3=await ctx({viewport:{width:1280,height:900},locale:'en'}); const r=await signin(c3,'manager@bellerive.example','quiet harbour seven lanterns'); await r.goto(O+'/settings/delete'); await r.screenshot({path:'/tmp/w3d/manager.png',fullPage:true});
}
await b.close();
