import 'image-shoal';
import { useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const shoal = useRef(null);
  const [groups, setGroups] = useState([]);

  useEffect(() => {
    const element = shoal.current;
    const show = ({ detail }) => setGroups(detail.clusters);
    element.addEventListener('result', show);
    return () => element.removeEventListener('result', show);
  }, []);

  return (
    <main>
      <h1>Shoal in React</h1>
      <image-shoal ref={shoal} asset-base={new URL('shoal/', document.baseURI).href} />
      <ul>{groups.map(({ id, name, size }) => <li key={id}>{name}: {size}</li>)}</ul>
    </main>
  );
}

createRoot(document.querySelector('#app')).render(<App />);
