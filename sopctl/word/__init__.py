"""What every Word file shares: its zip, pictures, page layout, dates in words, and PDF through LibreOffice."""
