/** The head of a table whose last column holds what can be done with a row. @param columns each name once */
export function TableHead({ columns, actions = "Action" }: { columns: readonly string[]; actions?: string }) {
  return (
    <thead>
      <tr>
        {columns.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        <th scope="col">
          <span className="sr">{actions}</span>
        </th>
      </tr>
    </thead>
  );
}
